import ArgumentParser
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// Runs a command and returns its exit status. Reports invalid arguments and failed runs in one style:
///
///     sluice: error: --zstd takes a level from 1 to 22
///     usage: sluice convert [INPUT...] [-o PATH] [--force] …
///     help: sluice convert --help
package enum CommandLineTool {
    package static func status<Root: ParsableCommand>(of _: Root.Type, _ arguments: [String]) -> Int32 {
        // Memory that a command allocates before it opens anything can't be checked, so check the reserve once here.
        guard System.hasMemory(for: 0) else {
            System.printError("sluice: error: there is not enough memory; \(SluiceError.memoryAdvice)")
            return ExitStatus.inputOutput
        }
        do {
            try checkHelp(of: Root.self, arguments)
            var command = try parsed(as: Root.self, try CommandArguments.prepared(arguments))
            try command.run()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch let failure as Failure {
            return report(failure, isJSON: asksForJSON(arguments))
        } catch {
            return report(error, of: Root.self, arguments)
        }
    }

    /// Parses the arguments of a subcommand by itself. Through `Root`, a run on a small file takes a third longer: the
    /// parser then also searches the options of `Root` and the names of all subcommands.
    ///
    /// Whatever the subcommand does not accept is parsed through `Root`, so errors and help are those of the whole command.
    private static func parsed<Root: ParsableCommand>(
        as _: Root.Type,
        _ arguments: [String]
    ) throws -> any ParsableCommand {
        if let name = arguments.first, let type = subcommand(of: Root.self, named: name),
            let command = try? type.parseAsRoot(Array(arguments.dropFirst())), Swift.type(of: command) == type
        {
            return command
        }
        return try Root.parseAsRoot(arguments)
    }

    private static func subcommand<Root: ParsableCommand>(
        of _: Root.Type,
        named name: String
    ) -> (any ParsableCommand.Type)? {
        Root.configuration.subcommands.first { $0._commandName == name }
    }

    /// Throws if help is requested for an unknown command, for which the parser would print the general help.
    private static func checkHelp<Root: ParsableCommand>(
        of _: Root.Type,
        _ arguments: [String]
    ) throws(ValidationError) {
        guard arguments.count > 1, arguments[0] == "help", arguments[1].utf8.first != UInt8(ascii: "-"),
            subcommand(of: Root.self, named: arguments[1]) == nil
        else { return }
        throw ValidationError("there is no command '\(arguments[1])'")
    }

    /// Whether the arguments, valid or not, ask for errors as JSON.
    private static func asksForJSON(_ arguments: [String]) -> Bool {
        let options = arguments.prefix { $0 != "--" }
        return options.contains("--summary=json")
            || zip(options, options.dropFirst()).contains { $0 == "--summary" && $1 == "json" }
    }

    private static func report(_ failure: Failure, isJSON: Bool = false) -> Int32 {
        if failure.error.exitStatus != ExitStatus.closedPipe {
            System.printError(isJSON ? TerminalText.json(failure.json) : failure.text)
        }
        return failure.error.exitStatus
    }

    private static func report<Root: ParsableCommand>(
        _ error: any Error,
        of _: Root.Type,
        _ arguments: [String]
    ) -> Int32 {
        let status = Root.exitCode(for: error)
        if status == .success {
            // The user asked for help.
            do throws(Failure) {
                try StandardOutput.write(Root.fullMessage(for: error))
                return 0
            } catch {
                return report(error)
            }
        }
        let command = arguments.first.flatMap { subcommand(of: Root.self, named: $0) }
        let usage = command.map { Root.usageString(for: $0) } ?? Root.usageString()
        let name = command.map { " \($0._commandName)" } ?? ""
        let reason = text(Root.message(for: error))
        if asksForJSON(arguments) {
            let members = [("code", JSONWriter.string("usage")), ("message", JSONWriter.string(reason))]
            System.printError(TerminalText.json(JSONWriter.object([("error", JSONWriter.object(members))])))
            return status.rawValue
        }
        System.printError("sluice: error: \(reason)")
        System.printError("usage: \(usage)\nhelp: sluice\(name) --help")
        return status.rawValue
    }

    /// Returns a message of the parser in the style of the command's own.
    private static func text(_ message: String) -> String {
        var message = TerminalText.name(message)
        let unknown = "Unknown option '"
        if message.hasPrefix(unknown) {
            let option = message.dropFirst(unknown.count).prefix { $0 != "'" }
            message += "; \(CommandArguments.advice(for: String(option)))"
        }
        let start = message.prefix(2)
        guard let first = start.first, let second = start.last, first.isUppercase, second.isLowercase else {
            return message
        }
        return first.lowercased() + message.dropFirst()
    }
}

/// The inputs of a command, which may be omitted.
package enum CommandInputs {
    /// Returns the named inputs, or standard input if there are none.
    ///
    /// - Throws: if standard input is a terminal: its user may not know that the command waits for input.
    package static func orStandardInput(_ inputs: [String]) throws(ValidationError) -> [String] {
        if !inputs.isEmpty { return inputs }
        if System.isTerminal(0) {
            throw ValidationError("there is no input; name a file, or - to type it in")
        }
        return ["-"]
    }
}
