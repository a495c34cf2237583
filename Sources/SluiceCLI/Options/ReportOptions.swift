import ArgumentParser

/// Options for what a run reports on standard error.
package struct ReportOptions: ParsableArguments {
    package enum Summary: String, ExpressibleByArgument, CaseIterable {
        case none, text, json
    }

    enum Progress: String, ExpressibleByArgument, CaseIterable {
        /// A line that is kept up to date, if standard error is a terminal and the output is not.
        case auto
        /// A line every 10 seconds.
        case log
        case none
    }

    @Option(help: "Summary at the end; with json, errors are JSON too.") package var summary: Summary = .none
    @Option(help: "Progress: auto shows it on a terminal, log writes a line every 10 s, none shows none.")
    var progress: Progress = .auto

    package init() {}
}
