import SluiceEngine

/// The variables for records that break a rule:
///
///     SLUICE_REJECTS=report           put them aside, and send them to the error queue
///     SLUICE_MAX_REJECTS=100          end the object if that takes more lines; 0.5% for a share of them
extension EnvironmentReader {
    private enum Rejects: String, CaseIterable { case off, report }

    /// Returns how such records are put aside; nil if the first of them ends the conversion of an object.
    mutating func rejects() -> RejectRules? {
        let isInvalid = value("SLUICE_REJECTS") != nil
        let choice: Rejects? = choice("SLUICE_REJECTS")
        guard choice == .report else {
            // What an invalid value was meant to be is not known.
            if choice == nil, isInvalid { return nil }
            if value("SLUICE_MAX_REJECTS") != nil { add("SLUICE_MAX_REJECTS requires SLUICE_REJECTS=report") }
            if value("SLUICE_UNTERMINATED") == "next-line" {
                add("SLUICE_UNTERMINATED=next-line requires SLUICE_REJECTS=report")
            }
            return nil
        }
        missing("SLUICE_ERROR_QUEUE_URL", "the URL of the queue that rejects go to, for SLUICE_REJECTS=report")
        guard let text = value("SLUICE_MAX_REJECTS") else { return RejectRules() }
        return RejectRules(limit: text)
            ?? fault("SLUICE_MAX_REJECTS", takes: "a number of lines, or a share such as 0.5%")
    }
}
