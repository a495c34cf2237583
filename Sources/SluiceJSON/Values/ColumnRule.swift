import SluiceCSV

/// What the values of a column must be, and what becomes of them.
package struct ColumnRule: Sendable, Hashable {
    package var type = FieldType.text
    /// Texts that stand for no value. They are compared before anything else.
    package var missingValues: [[UInt8]] = []
    package var constraints: [Constraint] = []
    /// Whether leading zeros of a number are dropped; else they are an error.
    package var stripsLeadingZeros = false
    package var bigIntegers = BigIntegers.number
    /// Whether `""`, in quotes, is a value even if the empty text is a missing one.
    package var keepsQuotedEmpty = false

    /// What becomes of integers beyond ±(2^53 - 1), which many JSON readers round.
    package enum BigIntegers: String, Sendable, Hashable, CaseIterable {
        case number, string, error
    }

    package init() {}
}

/// A field's value as it stands in a record.
package struct FieldText {
    /// The value: without quotes, unescaped, trimmed.
    package var value: ByteView
    /// The text with which missing values are compared: with an escape character, an unquoted value before unescaping.
    package var comparedValue: ByteView
    package var isQuoted: Bool

    package init(value: ByteView, comparedValue: ByteView, isQuoted: Bool) {
        self.value = value
        self.comparedValue = comparedValue
        self.isQuoted = isQuoted
    }
}

/// Why a value breaks its column's rule.
package struct RuleBreach: Error, Sendable, Hashable {
    /// `typeMismatch` or `constraint`.
    package var code: CSVError.Code
    package var detail: CSVError.Detail

    package init(code: CSVError.Code, detail: CSVError.Detail) { (self.code, self.detail) = (code, detail) }
}
