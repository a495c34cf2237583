#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A question to the user of this process.
extension System {
    /// Writes a question to the process's terminal, and returns the line that the user enters, or nil if there is no terminal.
    ///
    /// The terminal may be neither standard input nor output: those can be files. Blocks the thread until the user answers.
    package static func answer(onTerminalTo question: String) -> String? {
        let terminal = openFile("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var question = question
        guard question.withUTF8({ writeAll(terminal, UnsafeRawBufferPointer($0)) }) else { return nil }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 1024 {
            let count = read(terminal, &byte, 1)
            if count < 0, lastError == interrupted { continue }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }
}
