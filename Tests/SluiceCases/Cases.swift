// Hand-written cases: inputs, and the rows or the error that the documentation specifies for them.

import SluiceCSV
import SluiceJSON

/// One input under one dialect.
package struct Case: Sendable, Hashable {
    package var name: String
    package var input: [UInt8]
    package var dialect: Dialect
    /// What rows are made of.
    package var shape = RowShape()
    /// The rows before the error, each as JSON text.
    package var expected: [String]
    /// The error's code and place, without its details.
    package var error: CSVError?

    /// Makes a case.
    package init(
        _ name: String,
        _ input: Bytes,
        _ dialect: Dialect = .rfc4180,
        _ expected: [String] = [],
        _ error: CSVError? = nil
    ) {
        self.name = name
        self.input = input.array
        self.dialect = dialect
        self.expected = expected
        self.error = error
    }
}

extension CSVError {
    /// The error without its details.
    package var place: CSVError { CSVError(code, offset: offset, record: record, field: field) }
}

extension Case: CustomStringConvertible {
    package var description: String { name }
}

/// All hand-written cases. Expectations are literals that come from the documentation, never from a program's output.
///
/// The tables are formatted by hand, each case in as few lines as possible, and excluded from the formatter.
package enum Cases {
    /// The cases of all subjects.
    package static let all: [Case] = [
        worked, lineEnds, blankLines, byteOrderMarks,
        quotes, quotesInPlain, textAfterQuotes, unterminated, bareCRs,
        headers, duplicates, ragged,
        escapes, nonCharacters, customBytes,
        wellFormed, illFormed, truncatedSequences, utf8Offsets, otherKinds,
        errorOrder, errorPlaces, limits,
        starts, commentLines, escapeCharacters, delimitersAndSpaces,
    ].flatMap(\.self)

    /// Returns cases of the same input under ``Dialect/rfc4180`` and under ``Dialect/lenient``.
    static func both(
        _ name: String,
        _ input: Bytes,
        strict: [String],
        _ error: CSVError? = nil,
        lenient: [String]
    ) -> [Case] {
        [
            Case("\(name), strict", input, .rfc4180, strict, error),
            Case("\(name), lenient", input, .lenient, lenient),
        ]
    }
}

/// Bytes written as a string literal in which interpolations are single bytes: `"caf\(0xC3, 0xA9)"`.
package struct Bytes: Sendable, ExpressibleByStringInterpolation {
    package var array: [UInt8]

    package init(stringLiteral text: String) {
        array = Array(text.utf8)
    }

    package init(stringInterpolation parts: StringInterpolation) {
        array = parts.array
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var array: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ text: String) {
            array += Array(text.utf8)
        }

        package mutating func appendInterpolation(_ bytes: UInt8...) {
            array += bytes
        }

        package mutating func appendInterpolation(_ bytes: Bytes) {
            array += bytes.array
        }

        package mutating func appendInterpolation(_ byte: UInt8, times count: Int) {
            array += Array(repeating: byte, count: count)
        }
    }
}
