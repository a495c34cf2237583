import ArgumentParser
import Sluice
import SluiceCSV
import SluiceSystem

/// How the command says what came of it, with the numbers of sysexits.h where those have one.
package enum ExitStatus {
    static let doneWithRejectedRows: Int32 = 3
    package static let usage: Int32 = 64
    package static let badData: Int32 = 65
    static let noInput: Int32 = 66
    static let unavailable: Int32 = 69
    static let cannotCreate: Int32 = 73
    static let inputOutput: Int32 = 74
    package static let tryAgain: Int32 = 75
    /// What a shell reports for a process that SIGPIPE ended, as other tools in a pipe end: 128 + 13.
    static let closedPipe: Int32 = 141

    /// The same for a signal that asked the run to end.
    package static func ended(by signal: Int32) -> Int32 { 128 + signal }
}

extension SluiceError {
    /// Whoever read the output has gone: no fault, and nobody to tell.
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
        case .unusable: ExitStatus.badData
        case .misuse: ExitStatus.usage
        case .outOfMemory, .inputChanged: ExitStatus.inputOutput
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
