import FoundationEssentials
import SluiceAWS
import SluicePlatform

/// Does for a test, which compares the results with botocore's, what each line of JSON asks for, and writes a line of JSON:
/// signs a request, or resolves the endpoint of a service.
@main
struct AWSProbe {
    private struct Service: Decodable {
        var service: String
        var environment: [String: String]
    }

    private struct Location: Encodable {
        var url: String?
        var error: String?
    }

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
            let data = Data(line.utf8)
            if let service = try? JSONDecoder().decode(Service.self, from: data) {
                try write(location(of: service))
            } else {
                try write(answer(to: try JSONDecoder().decode(Request.self, from: data)))
            }
        }
    }

    private static func write(_ answer: some Encodable) throws {
        print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
    }

    private static func location(of service: Service) -> Location {
        guard let found = AWSService(rawValue: service.service) else { return Location(error: "no such service") }
        do {
            let endpoint = try EndpointResolver(AWSEnvironment(service.environment)).endpoint(for: found)
            return Location(url: endpoint.url(path: ""))
        } catch {
            return Location(error: error.message)
        }
    }

    private static func answer(to request: Request) -> Answer {
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
        return Answer(
            canonical: signing.canonical,
            stringToSign: signer.stringToSign(signing, at: time),
            authorization: signer.authorization(for: signing, at: time)
        )
    }
}
