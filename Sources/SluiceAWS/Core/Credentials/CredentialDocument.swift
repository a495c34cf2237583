import SluiceJSON
import SluicePlatform

/// The JSON format in which containers, instances and credential processes provide temporary credentials:
///
///     {"AccessKeyId":"…","SecretAccessKey":"…","Token":"…","Expiration":"2015-08-30T12:36:00Z"}
///
/// Credential processes name the token `SessionToken`.
enum CredentialDocument {
    /// The most bytes that an answer with credentials may have.
    static let largest = 1 << 16

    /// Reads credentials. Errors name `place` as their origin.
    static func read(_ json: [UInt8], from place: String) throws(AWSError) -> AWSCredentials {
        let document = JSONValue(parsing: json, mostValues: 1000)
        guard let id = document?["AccessKeyId"]?.text, let secret = document?["SecretAccessKey"]?.text else {
            throw .credentials("\(place) returned no credentials: its response is not the expected JSON")
        }
        var expiration: Timestamp?
        if let text = document?["Expiration"]?.text {
            expiration = Timestamp(iso: text)
            if expiration == nil {
                throw .credentials("\(place) returned credentials with an invalid expiry, '\(text)'")
            }
        }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: (document?["Token"] ?? document?["SessionToken"])?.text,
            expiration: expiration
        )
    }
}
