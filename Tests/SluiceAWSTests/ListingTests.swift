import NIOCore
import SluiceAWS
import Testing

@Suite struct `Listings of a bucket` {
    private func page(_ body: String) -> Result<HTTPReply, HTTPFailure> {
        .success(HTTPReply(status: 200, body: ByteBuffer(string: body)))
    }

    private func entry(_ key: String) -> String {
        "<Contents><Key>\(key)</Key><LastModified>2026-01-31T12:00:00.000Z</LastModified></Contents>"
    }

    private func listing(_ answers: Answers, after lastKey: String? = nil, statesVersions: Bool = false) -> S3Listing {
        S3Listing(
            of: "inbox",
            prefix: "a b/",
            after: lastKey,
            statesVersions: statesVersions,
            S3Client(answers.client())
        )
    }

    @Test func `go on with the token of the page before`() async throws {
        let next = "<IsTruncated>true</IsTruncated><NextContinuationToken>a+b/%2B=</NextContinuationToken>"
        let answers = Answers([
            page("<EncodingType>url</EncodingType>\(next)\(entry("a+b/%2B%C3%A9"))"),
            page("<IsTruncated>false</IsTruncated>\(entry("a+b/&lt;"))"),
        ])
        var (listing, keys) = (listing(answers, after: "a b/!"), [String]())
        while let objects = try await listing.next() { keys += objects.map(\.location.key) }
        // The second answer states no encoding.
        #expect(keys == ["a b/+é", "a+b/<"])
        let base = "https://inbox.s3.eu-north-1.amazonaws.com/?"
        #expect(
            answers.requests.map(\.url) == [
                "\(base)encoding-type=url&list-type=2&prefix=a%20b%2F&start-after=a%20b%2F%21",
                "\(base)continuation-token=a%2Bb%2F%252B%3D&encoding-type=url&list-type=2&prefix=a%20b%2F",
            ]
        )
    }

    @Test func `do not have the key after which they start`() async throws {
        // Where a listing of versions starts without a version is not documented.
        let entries = ["1", "2", "é"].map { key in
            "<Version><Key>\(key)</Key><VersionId>V</VersionId><IsLatest>true</IsLatest>"
                + "<LastModified>2026-01-31T12:00:00.000Z</LastModified></Version>"
        }
        let answers = Answers([page("<IsTruncated>false</IsTruncated>\(entries.joined())")])
        var listing = listing(answers, after: "2", statesVersions: true)
        let objects = try await listing.next()
        #expect(objects?.map(\.location) == [S3Location(bucket: "inbox", key: "é", versionID: "V")])
    }

    @Test(arguments: [
        "", "<html>proxy</html>", "<IsTruncated>true</IsTruncated>",
        "<IsTruncated>false</IsTruncated><Contents></Contents>",
        "<IsTruncated>false</IsTruncated><Contents><Key>a</Key><LastModified>today</LastModified></Contents>",
        "<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>%zz</Key>"
            + "<LastModified>2026-01-31T12:00:00.000Z</LastModified></Contents>",
    ])
    func `are refused if they are invalid`(_ body: String) async {
        var listing = listing(Answers([page(body)]))
        let error = await #expect(throws: AWSError.self) { try await listing.next() }
        #expect(error?.kind == .malformed)
    }

    @Test func `fail if a page would be followed by itself`() async throws {
        let same = page("<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>")
        let answers = Answers([same, same, same])
        var listing = listing(answers)
        #expect(try await listing.next() == [])
        let error = await #expect(throws: AWSError.self) { try await listing.next() }
        #expect(error?.kind == .malformed && answers.requests.count == 2)
    }

    @Test func `are given as keys too, and end with no key`() async throws {
        let answers = Answers([
            page("<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>"),
            page(
                "<IsTruncated>true</IsTruncated><NextContinuationToken>y</NextContinuationToken>\(entry("b"))\(entry("c"))"
            ),
            page("<IsTruncated>false</IsTruncated>"),
        ])
        let s3 = S3Client(answers.client())
        // The first page is empty although more follow.
        #expect(try await s3.keys(in: "inbox", prefix: "", after: "a") == ["b", "c"])
        #expect(try await s3.keys(in: "inbox", after: "c") == [])
        #expect(answers.requests.last?.url.hasSuffix("&start-after=c") == true)
    }
}
