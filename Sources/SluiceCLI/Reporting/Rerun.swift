import SluicePlatform

/// This run's command, with another file in place of an input and all other arguments unchanged.
///
///     sluice check --quote "'" orders.zip a.csv     →     sluice check --quote "'" orders.zip.unpacked/* a.csv
struct Rerun {
    /// An option and its new value; nil removes the option.
    typealias Setting = (name: String, value: String?)

    private let arguments: [String]

    init(_ arguments: [String] = System.arguments) { self.arguments = arguments }

    /// Returns the command as a shell reads it.
    ///
    /// - Parameters:
    ///   - files: what replaces the input, already quoted for the shell.
    ///   - option: replaces the option of the same name.
    func command(reading files: String, insteadOf input: String, setting option: Setting? = nil) -> String {
        let inputs = Set(positions(of: input))
        var words = ["sluice"]
        for (index, argument) in arguments.enumerated() where !isSet(index, by: option?.name) {
            words.append(inputs.contains(index) ? files : ShellQuoting.quoted(argument))
            if index == 0, let option, let value = option.value {
                words += ShellQuoting.option(option.name, value).map(ShellQuoting.quoted)
            }
        }
        // If no argument names the input, it was standard input.
        return (words + (inputs.isEmpty ? [files] : [])).joined(separator: " ")
    }

    /// Whether the subcommand has `--force`.
    var replacesFiles: Bool { ["convert", "messages"].contains(arguments.first) }

    /// Whether the subcommand has `--rejects`.
    var rejectsRecords: Bool { ["convert", "check", "messages", "send"].contains(arguments.first) }

    /// Returns the value of an option, or nil if it was not given.
    func value(of name: String) -> String? {
        for (index, argument) in options where argument == "--\(name)" {
            return index + 1 < arguments.count ? arguments[index + 1] : nil
        }
        let tied = options.first { $0.element.hasPrefix("--\(name)=") }
        return tied.map { String($0.element.dropFirst(name.utf8.count + 3)) }
    }

    /// The arguments before `--`, which may be options.
    private var options: [(offset: Int, element: String)] {
        arguments.enumerated().prefix { $0.element != "--" }.map { ($0.offset, $0.element) }
    }

    /// Returns the positions of the arguments that name the input.
    private func positions(of input: String) -> [Int] {
        arguments.indices.dropFirst().filter { arguments[$0] == input && !Self.takeText.contains(arguments[$0 - 1]) }
    }

    private func isSet(_ index: Int, by name: String?) -> Bool {
        guard let name, options.contains(where: { $0.offset == index }) else { return false }
        let isValue = index > 0 && arguments[index - 1] == "--\(name)"
        return isValue || arguments[index] == "--\(name)" || arguments[index].hasPrefix("--\(name)=")
    }

    /// Options whose value may be a file name or a dash, but not an input.
    private static let takeText: Set = [
        "-o", "--output", "--source", "--checkpoint", "--header", "--header-join", "--delimiter", "--quote", "--escape",
        "--comment", "--schema", "--rejects",
    ]
}
