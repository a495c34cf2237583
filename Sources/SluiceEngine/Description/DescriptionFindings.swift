import SluiceCSV
import SluiceJSON

/// What a description has found of an input so far. Used by one thread at a time.
final class DescriptionFindings {
    private(set) var profile = TableProfile()
    private(set) var faults = Faults()
    /// The header, once it is known; nil also if the input has no record.
    var header: Header?
    /// Where the next record starts, and its number.
    private(set) var end: (offset: UInt64, number: UInt64) = (0, 1)
    private let meter: Meter?

    init(meter: Meter?) { self.meter = meter }

    /// Adds what a reader found in the next block, and takes it from the reader.
    func merge(_ reader: inout DescriptionReader) throws(SluiceError) {
        let offset = reader.tokenizer.window.offset + UInt64(reader.tokenizer.position)
        try merge(&reader.profile, reader.takeFaults(), end: (offset, reader.tokenizer.index.number))
    }

    /// Adds what was found in the next block, and empties the profile. The block's records end at `end`.
    func merge(
        _ profile: inout TableProfile,
        _ faults: Faults,
        end: (offset: UInt64, number: UInt64)
    ) throws(SluiceError) {
        self.faults.merge(faults)
        meter?.addInput(bytes: end.offset - self.end.offset, records: end.number - self.end.number)
        meter?.addRows(Int(profile.rows))
        self.end = end
        guard profile.width > 0 else { return }
        if self.profile.width == 0, !self.profile.reserve(width: profile.width) { throw .outOfMemory }
        self.profile.merge(&profile)
    }

    /// What is known of each column, and how many rows there are.
    func columns() throws(SluiceError) -> [ColumnProfile] {
        // No block of an input without rows has a profile.
        if profile.width == 0, let header, !profile.reserve(width: header.width) { throw .outOfMemory }
        return profile.columns()
    }
    var rows: UInt64 { profile.rows }
}
