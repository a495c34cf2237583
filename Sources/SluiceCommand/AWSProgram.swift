import SluicePlatform

/// `sluice-aws`, a program in the same directory, which executes the commands that need AWS.
///
/// It is a separate program because it consists mostly of an HTTP client with TLS. Linked into `sluice`, that would
/// double the time of every start.
enum AWSProgram {
    /// Replaces this process by `sluice-aws` if the arguments need it. Returns only if they do not, or if they only ask for what
    /// the commands are and there is no such program.
    static func executeIfNeeded(_ arguments: [String]) {
        let isNeeded = needed(arguments)
        guard isNeeded || describesCommands(arguments) else { return }
        let own = System.executablePath ?? ""
        let path =
            String(own[..<(own.lastIndex(of: "/").map { own.index(after: $0) } ?? own.startIndex)]) + "sluice-aws"
        System.execute(path, [path] + arguments)
        guard isNeeded else { return }
        System.printError(
            "sluice: error: \(path): \(System.message(for: System.lastError)); queues and s3:// inputs need it: "
                + "build it with tools/build sluice-aws, and put it into the directory of sluice"
        )
        System.exit(69)
    }

    /// Whether the arguments ask for a completion script, or for the description that the manual is made from: `sluice-aws`
    /// knows all commands.
    private static func describesCommands(_ arguments: [String]) -> Bool {
        arguments.first.map { ["--generate-completion-script", "--experimental-dump-help"].contains($0) } ?? false
    }

    /// Whether the arguments are for a command that only `sluice-aws` has, or name a queue or an input in S3.
    static func needed(_ arguments: some Sequence<String>) -> Bool {
        var previous = ""
        for (index, argument) in arguments.enumerated() {
            let isFirst = index == 0 || index == 1 && previous == "help"
            if isFirst, ["send", "receive", "redrive", "invoke"].contains(argument) { return true }
            if argument == "--queue-url" || argument.hasPrefix("--queue-url=") { return true }
            if ["--against=s3://", "--schema=s3://"].contains(where: argument.hasPrefix) { return true }
            // `--source` only names the input in messages; it opens nothing.
            if argument.hasPrefix("s3://"), previous != "--source" { return true }
            previous = argument
        }
        return false
    }
}
