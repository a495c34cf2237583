import NIOCore
import NIOHTTP1
import SluicePlatform

/// Calls of the Security Token Service that return a role's credentials.
struct SecurityTokenService {
    let context: CredentialContext

    /// Returns the credentials of a role.
    ///
    /// - Parameters:
    ///   - action: `AssumeRole` or `AssumeRoleWithWebIdentity`.
    ///   - parameters: The action's parameters besides the role.
    ///   - credentials: What the request is signed with; nil if a token in the parameters proves who is asking.
    func assume(
        _ role: String,
        _ action: String,
        _ parameters: [(name: String, value: String)],
        with credentials: AWSCredentials?
    ) async throws(AWSError) -> AWSCredentials {
        let form = [("Action", action), ("Version", "2011-06-15"), ("RoleArn", role)] + parameters
        let endpoint = try context.endpoints.endpoint(for: .sts)
        let region = try context.endpoints.region(for: .sts)
        var call = AWSRequest(.sts, action, at: endpoint, region: region, method: .POST)
        call.headers = [("content-type", "application/x-www-form-urlencoded")]
        call.body = ByteBuffer(string: PercentEncoding.query(form))
        call.limit = CredentialDocument.largest
        let service = "the Security Token Service"
        let reply =
            if let credentials {
                try await context.reply(to: call, signedWith: credentials, from: service)
            } else {
                try await context.reply(to: call.unsigned, from: service)
            }
        let text = String(buffer: reply.body)
        guard reply.status == 200, let key = XMLElement.first("AccessKeyId", in: text),
            let secret = XMLElement.first("SecretAccessKey", in: text)
        else {
            let reason = ErrorReply.printable(XMLElement.first("Message", in: text) ?? "status \(reply.status)")
            throw .credentials("the Security Token Service refused the role \(role): \(reason)")
        }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: XMLElement.first("SessionToken", in: text),
            expiration: XMLElement.first("Expiration", in: text).flatMap { Timestamp(iso: $0) }
        )
    }

    /// The session's name where none is configured.
    static let sessionName = "sluice"
}
