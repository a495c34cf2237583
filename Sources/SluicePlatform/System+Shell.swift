import CSluicePlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension System {
    /// Why a shell command gave no output.
    package enum ShellFault: Error, Sendable, Hashable {
        /// It could not be started, or ended with a status other than 0.
        case failed
        /// It wrote more than the limit.
        case tooLong
        /// It was still running at the timeout, and was killed.
        case timedOut
    }

    /// Runs a command with the shell, and returns what it wrote to standard output.
    ///
    /// Blocks the thread until the timeout at the latest. Then the shell is killed, and any processes that it started
    /// lose their standard output.
    package static func output(
        ofShell command: String,
        limit: Int,
        timeout: Duration
    ) throws(ShellFault) -> [UInt8] {
        let deadline = ContinuousClock.now + timeout
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .failed }
        let (input, output) = (ends[0], ends[1])
        defer { close(input) }
        // Otherwise, of two processes started at once, one could inherit the other's end of the pipe and keep it open.
        _ = fcntl(input, F_SETFD, FD_CLOEXEC)
        _ = fcntl(output, F_SETFD, FD_CLOEXEC)
        let child = sluice_start_shell(command, output)
        close(output)
        guard child > 0 else { throw .failed }
        let bytes: [UInt8]
        let status: Int32
        do throws(ShellFault) {
            bytes = try read(input, limit: limit, until: deadline)
            status = try Self.status(of: child, until: deadline)
        } catch {
            // Safe: the child has not been waited for, so its process id has not been reused.
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
            throw error
        }
        guard status == 0 else { throw .failed }
        return bytes
    }

    private static func read(
        _ descriptor: Int32,
        limit: Int,
        until deadline: ContinuousClock.Instant
    ) throws(ShellFault) -> [UInt8] {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = max(.zero, deadline - .now)
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            let ready = poll(&wait, 1, Int32(clamping: milliseconds))
            if ready < 0, lastError == interrupted { continue }
            if ready == 0, left == .zero { throw .timedOut }
            if ready == 0 { continue }
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, lastError == interrupted { continue }
            if count == 0 { return output }
            if count < 0 { throw .failed }
            output += buffer[..<count]
            if output.count > limit { throw .tooLong }
        }
    }

    /// Returns the status of a process that has closed its output, which most do by ending. Waits until it ends.
    private static func status(of child: pid_t, until deadline: ContinuousClock.Instant) throws(ShellFault) -> Int32 {
        var status: Int32 = 0
        while true {
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child { return status }
            // If this process ignores SIGCHLD, the child's status is lost.
            if ended < 0, lastError != interrupted { return -1 }
            if ContinuousClock.now >= deadline { throw .timedOut }
            usleep(2000)
        }
    }
}
