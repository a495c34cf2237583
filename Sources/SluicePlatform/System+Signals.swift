import CSluicePlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Signals that ask a run to end in an orderly way: SIGINT, SIGTERM, SIGHUP.
extension System {
    /// Starts to watch these signals. From now on the first one is only recorded, and a second one ends the process.
    ///
    /// - Returns: a descriptor that becomes readable with the first signal, or nil if signals can't be watched; they
    ///   then end the process as they do by default.
    package static func watchSignals() -> Int32? {
        let descriptor = sluice_watch_signals()
        return descriptor < 0 ? nil : descriptor
    }

    /// The first signal since watching began, or nil.
    package static var firstSignal: Int32? {
        let signal = sluice_first_signal()
        return signal == 0 ? nil : signal
    }

    /// Waits until a descriptor is readable. Returns false if a signal came first. If signals are not watched, it
    /// returns at once, and the read blocks instead.
    package static func waitForInput(_ descriptor: Int32) -> Bool { sluice_wait_for_input(descriptor) != 0 }

    /// The signals that end a function: SIGTERM, sent by its platform, and SIGINT, sent from a keyboard.
    package static var terminationSignals: [Int32] { [SIGTERM, SIGINT] }

    /// Makes a signal no longer end the process.
    package static func ignore(signal number: Int32) { signal(number, SIG_IGN) }

    /// Returns the name of a signal: `SIGINT`.
    package static func name(ofSignal number: Int32) -> String {
        [1: "SIGHUP", 2: "SIGINT", 15: "SIGTERM"][number] ?? "signal \(number)"
    }
}
