import ArgumentParser
import SluiceSystem

/// The arguments as the parser is to see them. All that becomes of them before it does is here, for the parser lacks it:
///
/// | argument | becomes | because the parser |
/// |---|---|---|
/// | `--zstd` | `--zstd=3` | takes what follows for the level: in `--zstd 7`, where a file of that name is meant |
/// | `-j4`, `-oFILE` | `-j 4`, `--output=FILE` | takes the letters after a dash for options of their own |
/// | `-V`, first | `--version` | knows no short name without a flag |
/// | `-j -1` | an error | takes `-1` for an option, and says that a value is missing |
/// | `--max-bytes -1` | `--max-bytes=-1` | does the same |
/// | `--version`, after a command | an error | takes it, and runs the command |
/// | `--help=1` | an error | prints help with status 0 |
/// | `-hits.csv` | an error | finds an `h` in it, and prints help with status 0 |
///
/// Behind `--`, and where it is a whole word, an argument stays what it is. Bytes that are not UTF-8 stay too: arguments are
/// strings of ``RawText``.
package enum CommandArguments {
    package static func prepared(_ arguments: [String]) throws(ValidationError) -> [String] {
        var (result, isOver) = ([String](), false)
        for (index, argument) in arguments.enumerated() {
            isOver = isOver || argument == "--"
            switch argument {
            case _ where isOver: result.append(argument)
            case "--zstd": result.append("--zstd=\(ZstdOption.usualLevel)")
            case "-V" where index == 0: result.append("--version")
            case "--version" where index > 0 && !isOption(arguments[0]):
                throw ValidationError("unknown option '--version'; of sluice itself it is: sluice --version")
            case _ where argument.hasPrefix("--help="): throw ValidationError("--help takes no value")
            case _ where isNegative(argument) && result.last == "-j": throw ThreadOption.error(for: argument)
            case _ where isNegative(argument) && result.last.map(isLongOption) ?? false:
                result[result.count - 1] += "=\(argument)"
            case _ where isCluster(argument): result += try separated(argument)
            default: result.append(argument)
            }
        }
        return result
    }

    private static func isOption(_ argument: some StringProtocol) -> Bool { argument.utf8.first == dash }

    private static func isLongOption(_ argument: String) -> Bool {
        argument.hasPrefix("--") && argument.utf8.count > 2 && !argument.contains("=")
    }

    /// `-1`
    private static func isNegative(_ argument: some StringProtocol) -> Bool {
        isOption(argument) && argument.utf8.count > 1 && argument.utf8.dropFirst().allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// One dash, and at least two bytes after it.
    private static func isCluster(_ argument: String) -> Bool {
        let bytes = argument.utf8
        return bytes.count > 2 && bytes.first == dash && bytes.dropFirst().first != dash
    }

    /// `-j4` is an option and its value, if it can't be anything else.
    private static func separated(_ argument: String) throws(ValidationError) -> [String] {
        let (name, rest) = (Substring(argument.utf8.prefix(2)), argument.utf8.dropFirst(2))
        let value = Substring(rest.first == UInt8(ascii: "=") ? rest.dropFirst() : rest)
        guard name == "-j" || name == "-o" else {
            throw ValidationError("unknown option '\(argument)'; \(advice(for: argument))")
        }
        // A pattern of the shell may have given a file that looks like an option.
        guard System.entry(at: argument) == .nothing else {
            throw ValidationError(
                "'\(argument)' is an option and a file here; for the option: \(name) '\(value)'; \(advice(for: argument))"
            )
        }
        if name == "-j", isNegative(value) { throw ThreadOption.error(for: String(value)) }
        return name == "-j" ? ["-j", String(value)] : ["--output=\(value)"]
    }

    static func advice(for argument: String) -> String {
        "a file of that name, and all files behind it, go behind --: -- \(ShellQuoting.quoted(argument))"
    }

    private static var dash: UInt8 { UInt8(ascii: "-") }
}
