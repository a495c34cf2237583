import SluiceEngine
import SluicePlatform

extension Sniffing {
    /// What was found and why, a line for each question and, indented, for each candidate that was not chosen:
    ///
    ///     delimiter: ; (3 columns in 20 of 20 records; 0.83)
    ///       not ,: 1 column in 20 of 20 records; 0.11
    var lines: [String] {
        findings.flatMap { finding in
            finding.candidates.enumerated().map { index, candidate in
                let setting = TerminalText.name(candidate.setting)
                return index == 0
                    ? "\(finding.question.rawValue): \(setting) (\(candidate.text))"
                    : "  not \(setting): \(candidate.text)"
            }
        }
    }
}

extension Sniffing.Candidate {
    fileprivate var text: String { "\(evidence); \(Measure.fixed(score, digits: 2))" }
}

extension Sniffing.Tie {
    /// Why a question can't be answered, and the options that do.
    var text: String {
        let fits = candidates.map { "\(Self.quoted($0.setting)): \($0.evidence)" }.joined(separator: "; ")
        let options = candidates.map { option($0.setting) }.joined(separator: " or ")
        return "its \(question.rawValue) can't be told (\(fits)); to choose: \(options)"
    }

    private static func quoted(_ setting: String) -> String {
        setting.utf8.count == 1 ? "'\(setting)'" : TerminalText.name(setting)
    }

    private func option(_ setting: String) -> String {
        switch question {
        case .header: setting == "yes" ? "--header-rows 1" : "--no-header"
        case .delimiter:
            ShellQuoting.option("delimiter", setting == "space" ? " " : setting).map(ShellQuoting.quoted)
                .joined(separator: " ")
        case .encoding: "--encoding \(setting)"
        case .quote: "--quote \(ShellQuoting.quoted(setting))"
        case .skippedLines: "--skip-lines \(setting)"
        case .comments: "--comment \(ShellQuoting.quoted(setting))"
        case .lineEnds: "--bare-cr newline"
        }
    }
}
