// libFuzzer targets of all that is written in Swift, in one program: SLUICE_FUZZ_TARGET names the one to run.

import SluiceSystem

/// Looks at an input and ends the process by a trap if something is not as it must be.
typealias FuzzTarget = @Sendable (_ input: [UInt8]) -> Void

private let targets: [String: FuzzTarget] = [
    "engine": fuzzEngine,
    "messages": fuzzMessages,
    "received": fuzzReceived,
    "json": fuzzJSON,
    "checkpoint": fuzzCheckpoint,
    "compressed": fuzzCompressed,
    "events": fuzzEvents,
    "profiles": fuzzProfiles,
    "xml": fuzzXML,
]

private let chosen: FuzzTarget = {
    guard let target = targets[System.environment("SLUICE_FUZZ_TARGET") ?? ""] else {
        fatalError("SLUICE_FUZZ_TARGET must be one of \(targets.keys.sorted())")
    }
    return target
}()

/// libFuzzer calls this with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    chosen(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

/// Ends the process, which libFuzzer reports with the input, unless something holds.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError(what()) }
}

extension [UInt8] {
    /// Takes a byte that decides something off the front; 0 if there is none.
    mutating func decision() -> UInt8 { isEmpty ? 0 : removeFirst() }
}
