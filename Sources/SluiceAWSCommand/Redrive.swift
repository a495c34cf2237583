import ArgumentParser
import SluiceAWS
import SluiceCLI

/// `sluice redrive`: hands events that failed to the function again.
struct Redrive: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive",
        abstract: "Invoke the function with the events of a queue, and delete those that it takes.",
        usage: "sluice redrive --queue-url URL --function NAME [--wait] [--dry-run]",
        discussion: """
            The queue holds events that failed or were not delivered: a dead-letter queue of the function or of its topic, \
            or a destination of the function. Objects of the events are printed, one a line, and after a tab why the event \
            failed, if that is known. The command ends when it has received each message once.

            An event is deleted once Lambda has accepted it. Lambda then retries it, and returns it to the dead-letter queue \
            if it fails again. With --wait, events are handed over one after the other, and each is deleted only after the \
            function has succeeded, which takes up to 15 minutes. Messages that are no event of an object stay in the \
            queue. An event may be handed over twice: its messages have the same ids each time.

            Exit status: 65 if a message is no event of an object, 75 if the function failed with --wait, 128 plus the \
            signal's number after a signal.
            """
    )
    @OptionGroup var queue: QueueOptions
    @OptionGroup var function: FunctionOptions
    @Flag(help: "Wait for the function, and delete an event only after it succeeded.") var wait = false
    @Flag(help: "Print what is in the queue, and change nothing.") var dryRun = false
    @OptionGroup var network: NetworkOptions

    func validate() throws {
        if wait, dryRun { throw ValidationError("--dry-run hands over nothing to wait for") }
    }

    func run() throws {
        Interruption.shared.watch()
        let queue = try self.queue.queue()
        var redriver = Redriver(queue, to: dryRun ? .nowhere : .function(function.target, waits: wait))
        let status = try redriver.run()
        if status != 0 { throw ExitCode(status) }
    }
}
