import FoundationEssentials
import SluiceAWS
import SluicePlatform

/// Signs the requests of a test: reads each request as a line of JSON and writes a line of JSON with its canonical form,
/// its string to sign and its `authorization` header.
@main
struct SigningProbe {
    private struct Request: Decodable {
        var method: String
        var path: String
        var query: [[String]]
        var headers: [[String]]
        var bodyHash: String
        var isVerbatim: Bool
        var time: Int64
        var region: String
        var service: String
        var accessKey: String
        var secretKey: String
    }

    private struct Answer: Encodable {
        var canonical: String
        var stringToSign: String
        var authorization: String
    }

    static func main() throws {
        while let line = readLine() {
            let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
            let signing = SigningRequest(
                method: request.method,
                path: request.path,
                query: request.query.map { ($0[0], $0[1]) },
                headers: request.headers.map { ($0[0], $0[1]) },
                bodyHash: request.bodyHash,
                pathStyle: request.isVerbatim ? .verbatim : .normalised
            )
            let credentials = AWSCredentials(accessKeyID: request.accessKey, secretAccessKey: request.secretKey)
            let signer = Signer(credentials: credentials, region: request.region, service: request.service)
            let time = Timestamp(seconds: request.time)
            let answer = Answer(
                canonical: signing.canonical,
                stringToSign: signer.stringToSign(signing, at: time),
                authorization: signer.authorization(for: signing, at: time)
            )
            print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
        }
    }
}
