import SluicePlatform

/// The credentials that requests are signed with.
public struct AWSCredentials: Sendable, Hashable {
    /// The id of the key.
    public var accessKeyID: String
    /// The secret key; never written to a log.
    public var secretAccessKey: String
    /// The token of a temporary key; nil for a permanent one.
    public var sessionToken: String?
    /// When the key expires; nil if it does not.
    package var expiration: Timestamp?

    /// Creates credentials. An empty session token counts as none.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.init(
            accessKeyID: accessKeyID,
            secretAccessKey: secretAccessKey,
            sessionToken: sessionToken,
            expiration: nil
        )
    }

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String?, expiration: Timestamp?) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken?.isEmpty == true ? nil : sessionToken
        self.expiration = expiration
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A description without the secret, so that it never appears in a log.
    public var description: String { "credentials \(accessKeyID)" }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// A mirror that shows only the key's id.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

/// A place that credentials may come from.
package protocol CredentialProvider: Sendable {
    /// Returns the credentials, or nil if none are configured in this place.
    ///
    /// - Throws: an error if credentials are configured but cannot be obtained.
    func credentials() async throws(AWSError) -> AWSCredentials?
}
