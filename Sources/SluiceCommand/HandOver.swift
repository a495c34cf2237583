import SluiceSystem

/// Hands what is on AWS to the command `sluice-aws`, which stands beside this one.
///
/// It is a command of its own because an HTTP client with TLS is most of it: linked in here, it would double the time of
/// every start.
enum HandOver {
    /// Becomes `sluice-aws` if the arguments ask for something that only it can do.
    static func ifNeeded(_ arguments: [String]) {
        guard needed(arguments) else { return }
        let own = System.executablePath ?? ""
        let path =
            String(own[..<(own.lastIndex(of: "/").map { own.index(after: $0) } ?? own.startIndex)]) + "sluice-aws"
        System.execute(path, [path] + arguments)
        System.printError(
            "sluice: error: \(path): \(System.message(for: System.lastError)); queues and s3:// inputs need it: "
                + "build it with tools/build sluice-aws, and keep it in the directory of sluice"
        )
        System.exit(69)
    }

    /// `send` and `receive`, and whatever has a queue or an input in S3.
    static func needed(_ arguments: some Sequence<String>) -> Bool {
        var previous = ""
        for (index, argument) in arguments.enumerated() {
            let isFirst = index == 0 || index == 1 && previous == "help"
            if isFirst, argument == "send" || argument == "receive" { return true }
            if argument == "--queue-url" || argument.hasPrefix("--queue-url=") { return true }
            if argument.hasPrefix("--against=s3://") { return true }
            // The name that an input is to have in the messages opens nothing.
            if argument.hasPrefix("s3://"), previous != "--source" { return true }
            previous = argument
        }
        return false
    }
}
