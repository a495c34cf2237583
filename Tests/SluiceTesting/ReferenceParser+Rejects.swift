// Bad records that are put aside, so that reading goes on after them.

import SluiceCSV

extension ReferenceReading {
    /// Puts the record aside in which an error was found. It ends where a lenient reading ends it.
    ///
    /// A skipped record is one of those to skip even if it is bad. Without a header, a bad record gives no number of fields.
    mutating func putAside(_ error: CSVError, _ tokenizer: inout ReferenceTokenizer) throws(CSVError) {
        let isBlankOrComment = error.code == .blankLine || isInComment
        let isSkipped = recordsToSkip > 0 && !isBlankOrComment
        let error = named(error)
        isInComment = false
        let start = tokenizer.recordStart
        let (contentEnd, end) = try tokenizer.skipRecord()
        if isSkipped { recordsToSkip -= 1 }
        table.rejects.append(
            ReferenceReject(
                error,
                record: start..<end,
                contentEnd: contentEnd,
                of: tokenizer.bytes,
                dialect,
                isRowless: isBlankOrComment || isSkipped
            )
        )
        table.lineStarts.append(UInt64(start))
        table.end = UInt64(end)
    }
}
