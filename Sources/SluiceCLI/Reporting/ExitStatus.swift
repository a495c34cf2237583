import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluicePlatform

/// Exit statuses of the command. Where sysexits.h has a number for one, it is that number.
package enum ExitStatus {
    static let doneWithRejectedRows: Int32 = 3
    package static let usage: Int32 = 64
    package static let badData: Int32 = 65
    static let noInput: Int32 = 66
    static let unavailable: Int32 = 69
    static let cannotCreate: Int32 = 73
    static let inputOutput: Int32 = 74
    package static let tryAgain: Int32 = 75
    /// The status that a shell reports for a process that SIGPIPE ended, as other tools in a pipe end: 128 + 13.
    static let closedPipe: Int32 = 141

    /// Returns the status that a shell reports for a process that a signal ended.
    package static func ended(by signal: Int32) -> Int32 { 128 + signal }
}

extension SluiceError {
    /// Whether the reader of the output has closed it. That is no error, and there is no one to report it to.
    package var isClosedPipe: Bool {
        if case .output(let fault) = cause { fault.code == System.brokenPipe } else { false }
    }

    package var exitStatus: Int32 {
        switch self {
        case .badData: ExitStatus.badData
        case .input(let fault): fault.operation == "open" ? ExitStatus.noInput : ExitStatus.inputOutput
        case .output(let fault) where isClosedPipe && fault.operation == "write": ExitStatus.closedPipe
        case .output(let fault):
            ["create", SystemFault.keepingOwner].contains(fault.operation)
                ? ExitStatus.cannotCreate : ExitStatus.inputOutput
        case .noInput: ExitStatus.noInput
        case .unusable, .overLimit: ExitStatus.badData
        case .misuse: ExitStatus.usage
        case .outOfMemory, .inputChanged, .wrongSize: ExitStatus.inputOutput
        case .undelivered(let cause, _): cause.exitStatus
        case .interrupted(let signal): ExitStatus.ended(by: signal)
        case .service(let fault):
            switch fault.kind {
            case .notFound: ExitStatus.noInput
            case .changed, .busy: ExitStatus.tryAgain
            case .refused, .unreachable: ExitStatus.unavailable
            }
        }
    }
}
