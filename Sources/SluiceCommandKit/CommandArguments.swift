import ArgumentParser
import SluiceSystem

/// The arguments as the parser is to see them. All that becomes of them before it does is here, for the parser lacks it:
///
/// | argument | becomes | because the parser |
/// |---|---|---|
/// | `--zstd` | `--zstd=3` | takes what follows for the level: in `--zstd 7`, where a file of that name is meant |
/// | `-j4`, `-oFILE` | `-j 4`, `--output=FILE` | takes the letters behind a dash for options of their own |
/// | `-V`, first | `--version` | knows no short name without a flag |
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
            case _ where isCluster(argument): result += try separated(argument)
            default: result.append(argument)
            }
        }
        return result
    }

    /// One dash, and at least two bytes behind it.
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
        return name == "-j" ? ["-j", String(value)] : ["--output=\(value)"]
    }

    static func advice(for argument: String) -> String {
        "a file of that name, and all files behind it, go behind --: -- \(ShellText.quoted(argument))"
    }

    private static var dash: UInt8 { UInt8(ascii: "-") }
}
