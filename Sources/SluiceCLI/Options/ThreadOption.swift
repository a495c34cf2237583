import ArgumentParser

/// The option for the number of threads.
package struct ThreadOption: ParsableArguments {
    @Option(
        name: .customShort("j"),
        help: ArgumentHelp("Number of threads, at least 1; a stream uses one.", valueName: "n")
    )
    package var count = 2

    package init() {}

    package func validate() throws {
        if count < 1 { throw Self.error(for: String(count)) }
    }

    static func error(for value: String) -> ValidationError {
        ValidationError("-j takes a number of threads, at least 1, not '\(value)'")
    }
}
