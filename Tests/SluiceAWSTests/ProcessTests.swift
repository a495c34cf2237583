import SluiceAWS
import SluicePlatform
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A shell command` {
    private func output(_ command: String, limit: Int = 100, timeout: Duration = .seconds(3600)) throws -> String {
        String(decoding: try System.output(ofShell: command, limit: limit, timeout: timeout), as: UTF8.self)
    }

    @Test func `returns its output if it succeeds`() throws {
        #expect(try output("echo a; echo b >&2; sleep 0.01; echo c") == "a\nc\n")
        #expect(try output("exec >&-; sleep 0.01") == "")
        #expect(throws: System.ShellFault.failed) { try output("echo a; exit 3") }
        #expect(throws: System.ShellFault.failed) { try output("kill -9 $$") }
    }

    @Test func `is killed if it runs too long or writes too much`() {
        #expect(throws: System.ShellFault.timedOut) { try output("exec sleep 3600", timeout: .milliseconds(50)) }
        #expect(throws: System.ShellFault.timedOut) {
            try output("exec >&-; exec sleep 3600", timeout: .milliseconds(50))
        }
        #expect(throws: System.ShellFault.tooLong) { try output("exec yes") }
    }

    @Test func `does not inherit ignored signals`() {
        System.ignoreSIGPIPE()
        #expect(throws: System.ShellFault.failed) { try output("kill -PIPE $$; echo still") }
    }
}
