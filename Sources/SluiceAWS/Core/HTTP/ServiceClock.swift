import NIOHTTP1
import SluicePlatform
import Synchronization

/// The time at AWS, which signatures must state: this machine's, until a service refuses it and states its own.
///
///     02:00:00   this machine's time, with which a request is signed; S3 accepts 15 minutes of difference, others 5
///     03:00:01   the header Date of the answer RequestTimeTooSkewed: from then on, an hour and a second are added
///
/// All requests of a client share a clock, those for credentials too.
package final class ServiceClock: Sendable {
    private let local: @Sendable () -> Timestamp
    /// The seconds to add to this machine's time.
    private let correction = Mutex<Int64>(0)

    package init(_ local: @escaping @Sendable () -> Timestamp = { .now }) { self.local = local }

    package var now: Timestamp { local() + correction.withLock { $0 } }

    /// Adopts the time of an answer, if the error in it may be due to a wrong time. Returns whether a retry may help: a
    /// request that states nearly the service's time was refused for another reason.
    func adopt(_ reply: HTTPReply, _ error: AWSError, signedAt time: Timestamp) -> Bool {
        guard Self.codes.contains(error.code),
            let date = reply.headers.first(name: "date").flatMap({ Timestamp(http: $0) }),
            abs(date.seconds - time.seconds) >= Self.tolerance
        else { return false }
        correction.withLock { $0 = date.seconds - local().seconds }
        return true
    }

    /// A difference in seconds that every service accepts.
    private static let tolerance: Int64 = 60

    /// The codes with which services refuse a time; only some do so for no other reason.
    private static let codes: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
        "SignatureDoesNotMatch",
    ]
}
