import SluiceEngine
import SluiceJSON
import SluicePipeline

/// The story of one seed. A script is played in a world until nothing moves any more; then an operator follows the runbook
/// for what is left, in calm weather, until again nothing moves.
package struct Story {
    /// The number of jobs after which a story counts as endless.
    private static let limit = 2_000_000

    /// The faults found, empty if there are none.
    package private(set) var faults: [String] = []
    /// The events, a line each, if a trace was requested.
    package private(set) var trace: [String] = []
    /// Counts for statistics, by name.
    package private(set) var counts: [String: Int] = [:]

    /// Plays the story of a seed.
    package init(seed: UInt64, isTraced: Bool = false) throws {
        let script = Script(seed: seed)
        let world = World(
            seed: seed,
            try script.configuration(),
            script.bucket,
            script.weather,
            isTraced: isTraced
        )
        var judge = Judge(script, world)
        world.log("\(script.environment.sorted { $0.key < $1.key })")
        try play(script, in: world)
        if rest(world, "at the end of the story") {
            try judge.checkForSilentLosses()
            world.log("the operator comes")
            let redone = Operator.redoFailures(in: world)
            if rest(world, "after the operator") { try judge.checkEverything(redone) }
        }
        faults += judge.faults
        trace = world.trace ?? []
        counts = judge.counts
    }

    private func play(_ script: Script, in world: World) throws {
        let later = try script.configuration(1)
        world.scheduler.at(script.calm / 2) { world.configuration = later }
        world.scheduler.at(script.calm) {
            world.log("the weather is calm")
            world.weather = world.weather.calmed
        }
        if let removal = script.removal {
            world.scheduler.at(removal) {
                world.log("notes are removed")
                world.forgot = true
                world.notes = world.notes.filter { !$0.key.hasSuffix("progress.json") }
            }
        }
        for change in script.changes {
            world.scheduler.at(change.moment) { world.make(change) }
        }
    }

    /// Runs until nothing moves. Returns whether that point was reached with no task waiting.
    private mutating func rest(_ world: World, _ moment: String) -> Bool {
        if !world.scheduler.run(limit: world.scheduler.steps + Self.limit) {
            faults.append("\(moment): it never comes to rest")
            return false
        }
        if world.open > 0 { faults.append("\(moment): \(world.open) tasks wait forever") }
        return world.open == 0
    }
}

extension Weather {
    /// The weather without faults, with the same latency.
    var calmed: Weather {
        var calmed = Weather.calm
        calmed.latency = latency
        return calmed
    }
}

extension World {
    /// Performs a change of the script, and sends its events.
    func make(_ change: Script.Change) {
        guard let content = change.content else {
            log("\(change.key) is deleted")
            return bucket.delete(change.key)
        }
        let version = bucket.put(content)
        // Of different lengths: 1000, 11, 1200, 13…
        let sequencer = String(put.count + 16, radix: 16) + (put.count % 2 == 0 ? "00" : "")
        let kind = content.rows == nil ? "with faults" : "valid"
        log("\(change.key) \(version ?? "") is put, \(content.bytes.count) bytes, \(kind)")
        log(String(decoding: content.bytes, as: Unicode.UTF8.self).debugDescription)
        for event in change.events {
            let others = event.namesOthers ? put : []
            let named = event.namesVersion ? version : nil
            let payload = Script.payload(others + [(change.key, named, sequencer)], event.way)
            if event.way == .queue { enqueue(payload, after: event.delay) } else { invoke(payload, after: event.delay) }
        }
        put.append((change.key, version, sequencer))
    }
}

/// An operator who follows the runbook.
enum Operator {
    /// Redoes dead letters and failed executions, and returns their number.
    static func redoFailures(in world: World) -> Int {
        let letters = world.deadLetters
        world.deadLetters = []
        for letter in letters { world.redo(letter) }
        let failed = world.executions.values.filter { $0.status == .failed }.sorted { $0.name < $1.name }
        for execution in failed {
            // The execution is redriven or started again under another name, or the object's event is sent again.
            // The turn in which it was planned may have ended.
            switch world.number(world.configuration.sharing.isOrdered ? 1...2 : 0...2) {
            case 0: execution.run()
            case 1: _ = world.start("again-\(execution.name)", execution.input)
            default:
                guard let object = JSONValue(parsing: execution.input.utf8)?["object"], let key = object["key"]?.text
                else { continue }
                world.redo(Script.payload([(key, object["versionId"]?.text, nil)], .direct))
            }
        }
        return letters.count + failed.count
    }
}
