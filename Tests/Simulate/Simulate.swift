import SluicePlatform
import SluiceSimulation

/// Plays the stories of many seeds, or traces the story of one: `simulate [--seeds N] [--from S] [--seed S]`.
@main
struct Simulate {
    static func main() throws {
        var (count, first, traced): (UInt64, UInt64, UInt64?) = (10_000, 0, nil)
        var arguments = CommandLine.arguments.dropFirst()
        while let option = arguments.popFirst() {
            guard let number = arguments.popFirst().flatMap({ UInt64($0) }) else { usage() }
            switch option {
            case "--seeds": count = number
            case "--from": first = number
            case "--seed": traced = number
            default: usage()
            }
        }
        if let traced { return try trace(traced) }
        try play(first..<first + count)
    }

    private static func usage() -> Never {
        System.printError("usage: simulate [--seeds NUMBER] [--from SEED], or simulate --seed SEED to read one story")
        System.exit(64)
    }

    /// Prints every event in the story of a seed.
    private static func trace(_ seed: UInt64) throws {
        let story = try Story(seed: seed, isTraced: true)
        for line in story.trace { print(line) }
        for (name, count) in story.counts.sorted(by: { $0.key < $1.key }) { print("\(name): \(count)") }
        end(story.faults.isEmpty)
    }

    private static func play(_ seeds: Range<UInt64>) throws {
        var totals: [String: Int] = [:]
        var failed = 0
        for seed in seeds {
            let story = try Story(seed: seed)
            totals.merge(story.counts) { $0 + $1 }
            if story.faults.isEmpty { continue }
            failed += 1
            print("seed \(seed): \(story.faults.joined(separator: "; "))")
        }
        print("\(seeds.count) stories, \(failed) with faults")
        for (name, count) in totals.sorted(by: { $0.key < $1.key }) { print("    \(name): \(count)") }
        end(failed == 0)
    }

    private static func end(_ isWell: Bool) -> Never { System.exit(isWell ? 0 : 1) }
}
