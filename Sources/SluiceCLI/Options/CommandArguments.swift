import ArgumentParser
import SluicePlatform

/// Prepares the arguments for the parser. Every change is listed here, with the behaviour of the parser that makes it
/// necessary:
///
/// | argument | becomes | because the parser |
/// |---|---|---|
/// | `--zstd` | `--zstd=3` | takes the next argument as the level: in `--zstd 7`, where a file named `7` is meant |
/// | `-j4`, `-oFILE` | `-j 4`, `--output=FILE` | takes each letter after a dash as an option |
/// | `-V`, first | `--version` | knows short names only of flags that are declared |
/// | `-j -1` | an error | takes `-1` as an option, and reports a missing value |
/// | `--max-bytes -1` | `--max-bytes=-1` | does the same |
/// | `--version`, after a command | an error | accepts it, and runs the command |
/// | `--help=1` | an error | prints help with status 0 |
/// | `-hits.csv` | an error | finds an `h` in it, and prints help with status 0 |
///
/// Arguments after `--`, and all that are not in the table, are unchanged. So are bytes that are not UTF-8: arguments
/// are strings of ``RawText``.
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
                throw ValidationError("unknown option '--version'; for the version of sluice: sluice --version")
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

    /// Whether an argument is a negative number: `-1`.
    private static func isNegative(_ argument: some StringProtocol) -> Bool {
        isOption(argument) && argument.utf8.count > 1 && argument.utf8.dropFirst().allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// Whether an argument is one dash and at least two more bytes.
    private static func isCluster(_ argument: String) -> Bool {
        let bytes = argument.utf8
        return bytes.count > 2 && bytes.first == dash && bytes.dropFirst().first != dash
    }

    /// Splits `-j4` into option and value. Throws if it could be anything else.
    private static func separated(_ argument: String) throws(ValidationError) -> [String] {
        let (name, rest) = (Substring(argument.utf8.prefix(2)), argument.utf8.dropFirst(2))
        let value = Substring(rest.first == UInt8(ascii: "=") ? rest.dropFirst() : rest)
        guard name == "-j" || name == "-o" else {
            throw ValidationError("unknown option '\(argument)'; \(advice(for: argument))")
        }
        // A shell pattern may have expanded to a file that looks like an option.
        guard System.entry(at: argument) == .nothing else {
            throw ValidationError(
                "'\(argument)' is both an option and a file here; for the option: \(name) '\(value)'; "
                    + advice(for: argument)
            )
        }
        if name == "-j", isNegative(value) { throw ThreadOption.error(for: String(value)) }
        return name == "-j" ? ["-j", String(value)] : ["--output=\(value)"]
    }

    static func advice(for argument: String) -> String {
        "a file of that name, and all files after it, must follow --: -- \(ShellQuoting.quoted(argument))"
    }

    private static var dash: UInt8 { UInt8(ascii: "-") }
}
