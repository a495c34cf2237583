import FoundationEssentials

/// The JSON in which containers, instances and credential processes hand out temporary credentials.
struct CredentialDocument: Decodable {
    var accessKeyID: String
    var secretAccessKey: String
    var token: String?
    var sessionToken: String?
    var expiration: String?

    private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case sessionToken = "SessionToken"
        case expiration = "Expiration"
    }

    /// Reads them; `place` says in an error where they are from.
    static func read(_ json: [UInt8], from place: String) throws(AWSError) -> AWSCredentials {
        let document: CredentialDocument
        do { document = try JSONDecoder().decode(CredentialDocument.self, from: Data(json)) } catch {
            throw .credentials("\(place) gave no credentials: its answer is not the JSON it should be")
        }
        var expiration: CivilTime?
        if let text = document.expiration {
            expiration = CivilTime(iso: text)
            if expiration == nil { throw .credentials("\(place) gave credentials with an expiry of '\(text)'") }
        }
        return AWSCredentials(
            accessKeyID: document.accessKeyID,
            secretAccessKey: document.secretAccessKey,
            sessionToken: document.token ?? document.sessionToken,
            expiration: expiration
        )
    }
}
