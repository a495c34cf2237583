import CSluiceCleanup

/// Signals that ask a run to end in order: SIGINT, SIGTERM, SIGHUP.
extension System {
    /// From now on, the first of them is only kept, and a second one ends the process. The descriptor becomes readable with
    /// the first one; nil: they can't be watched, and end the process as they do by default.
    package static func watchSignals() -> Int32? {
        let descriptor = sluice_watch_signals()
        return descriptor < 0 ? nil : descriptor
    }

    /// The first signal that came since they are watched; nil: none.
    package static var endingSignal: Int32? {
        let signal = sluice_ending_signal()
        return signal == 0 ? nil : signal
    }

    /// Waits until a descriptor can be read; false: a signal came first. If signals are not watched, reading is what waits.
    package static func waitForInput(_ descriptor: Int32) -> Bool { sluice_wait_for_input(descriptor) != 0 }

    /// `SIGINT`.
    package static func name(ofSignal number: Int32) -> String {
        [1: "SIGHUP", 2: "SIGINT", 15: "SIGTERM"][number] ?? "signal \(number)"
    }
}
