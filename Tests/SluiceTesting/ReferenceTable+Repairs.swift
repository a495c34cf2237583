import SluiceCSV

extension ReferenceTable {
    /// Returns the repairs counted by kind, with the line of each kind's first place, or nothing if the input has an error.
    package func repairs(in input: [UInt8], _ dialect: Dialect) -> Repairs {
        var counted = Repairs()
        guard error == nil else { return counted }
        for repair in repairs {
            counted.note(
                repair.code,
                at: Repairs.Place(
                    offset: repair.offset,
                    line: ReferenceParser.line(of: repair.offset, in: input, dialect: dialect),
                    record: repair.record,
                    field: repair.field
                )
            )
        }
        return counted
    }
}
