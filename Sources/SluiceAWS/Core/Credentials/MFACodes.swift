import SluicePlatform
import Synchronization

/// The codes of devices for multi-factor authentication, which only a user can supply.
///
/// A device's code is asked for once. A run that outlives the role's session ends with an error instead of a second question,
/// which nobody may be there to answer.
package final class MFACodes: Sendable {
    private let ask: (@Sendable (_ question: String) -> String?)?
    private let asked = Mutex<Set<String>>([])

    /// - Parameter ask: Asks the user a question, and returns the answer, or nil if there is no terminal. Without it no code can
    ///   be supplied.
    package init(ask: (@Sendable (_ question: String) -> String?)? = nil) { self.ask = ask }

    /// Asks for the present code of a device.
    func code(of device: String, for profile: String) async throws(AWSError) -> String {
        guard asked.withLock({ $0.insert(device).inserted }) else {
            throw .credentials(
                "the session of profile '\(profile)' is over, and a new one takes a new code of \(device); run the command "
                    + "again, or set a longer duration_seconds"
            )
        }
        let ask = ask
        let answer = await onBlockingThread { ask?("Code of \(device) for profile \(profile): ") }
        guard let code = answer?.trimmed(), !code.isEmpty else {
            throw .credentials(
                "profile '\(profile)' takes a code of \(device), which can be entered only on a terminal; instead: "
                    + "eval \"$(aws configure export-credentials --profile \(profile) --format env)\""
            )
        }
        return code
    }
}
