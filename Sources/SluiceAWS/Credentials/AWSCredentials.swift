import SluiceSystem

/// What requests are signed with.
public struct AWSCredentials: Sendable, Hashable {
    /// Names the key.
    public var accessKeyID: String
    /// The key; never written to a log.
    public var secretAccessKey: String
    /// Belongs to a temporary key; nil for one that lasts.
    public var sessionToken: String?
    /// When the key stops working; nil: never.
    package var expiration: CivilTime?

    /// Makes credentials. An empty session token counts as none.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.init(
            accessKeyID: accessKeyID,
            secretAccessKey: secretAccessKey,
            sessionToken: sessionToken,
            expiration: nil
        )
    }

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String?, expiration: CivilTime?) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken?.isEmpty == true ? nil : sessionToken
        self.expiration = expiration
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the key, so that no log holds it.
    public var description: String { "credentials \(accessKeyID)" }
    /// The same.
    public var debugDescription: String { description }
    /// Shows nothing but the key's name.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

/// One place where credentials may be.
package protocol CredentialProvider: Sendable {
    /// The credentials, or nil if none are set up in this place. An error: they are, but could not be had.
    func credentials() async throws(AWSError) -> AWSCredentials?
}
