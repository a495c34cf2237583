import SluiceCSV

/// How an input is read, as a sample of it shows, and what speaks for that.
package struct Sniffing: Sendable {
    package var encoding = Encoding.utf8
    package var dialect = Dialect.rfc4180
    /// What was examined, in order.
    package var findings: [Finding] = []

    package init() {}

    /// A question about an input that its bytes answer.
    package enum Question: String, Sendable, CaseIterable {
        case encoding, delimiter, quote, header
        case skippedLines = "lines before the header"
        case comments, lineEnds = "line ends"
    }

    /// An answer, and what speaks for it.
    package struct Candidate: Sendable, Hashable {
        /// The setting: an encoding's name, a character, `none`.
        package var setting: String
        package var evidence: String
        /// From 0 to 1; candidates of a question are compared by it.
        package var score: Double
    }

    /// A question and its candidates, the chosen one first.
    package struct Finding: Sendable {
        package var question: Question
        package var candidates: [Candidate]
        /// Whether the user gave the answer.
        package var isGiven = false
    }

    /// The sample does not decide a question.
    package struct Tie: Error, Sendable {
        package var question: Question
        /// Those that fit equally well.
        package var candidates: [Candidate]
    }

    /// What the user said of the input, which is not examined.
    package struct Given: Sendable {
        package var encoding: Encoding?
        /// Has all that was said.
        package var dialect = Dialect.rfc4180
        package var hasDelimiter = false
        package var hasQuote = false
        package var hasEscape = false
        package var hasHeader = false
        package var hasSkippedLines = false
        package var hasComments = false
        package var hasLineEnds = false
        package var hasTrim = false
        /// Whether the first line is `sep=;` or the like: found, not said, and never part of the table.
        var startsWithSepLine = false

        package init() {}
    }
}

/// Why an input can't be described.
package enum SniffingError: Error, Sendable {
    case input(SluiceError)
    case tie(Sniffing.Tie)
}
