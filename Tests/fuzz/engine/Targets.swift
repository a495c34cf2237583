// libFuzzer targets for the Swift code, in one program. SLUICE_FUZZ_TARGET names the target to run.

import SluicePlatform

/// Examines an input, and traps if a requirement does not hold.
typealias FuzzTarget = @Sendable (_ input: [UInt8]) -> Void

private let targets: [String: FuzzTarget] = [
    "engine": fuzzEngine,
    "messages": fuzzMessages,
    "received": fuzzReceived,
    "json": fuzzJSON,
    "checkpoint": fuzzCheckpoint,
    "compressed": fuzzCompressed,
    "events": fuzzEvents,
    "schema": fuzzSchema,
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

/// Traps unless a requirement holds. libFuzzer reports the crash with its input.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError(what()) }
}

extension [UInt8] {
    /// Removes and returns the first byte, for a decision, or returns 0 if no byte is left.
    mutating func decision() -> UInt8 { isEmpty ? 0 : removeFirst() }
}
