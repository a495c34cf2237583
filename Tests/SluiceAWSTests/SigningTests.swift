import SluiceAWS
import SluicePlatform
import Testing

/// Examples from AWS's documentation. Tests/signing.py runs AWS's own test vectors.
@Suite struct `Signature version 4` {
    private let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )

    @Test func `matches the example in the general reference`() {
        let request = SigningRequest(
            method: "GET",
            path: "/",
            query: [("Version", "2010-05-08"), ("Action", "ListUsers")],
            headers: [
                ("Host", "iam.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z"),
                ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            ],
            bodyHash: Digests.sha256(""),
            pathStyle: .normalised
        )
        let signer = Signer(credentials: credentials, region: "us-east-1", service: "iam")
        let signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        #expect(
            signer.authorization(for: request, at: Timestamp(seconds: 1_440_938_160))
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date, Signature=\(signature)"
        )
    }

    @Test func `keeps object paths verbatim and normalises others`() {
        func path(_ path: String, _ style: SigningRequest.PathStyle) -> Substring {
            let request = SigningRequest(method: "GET", path: path, headers: [], bodyHash: "", pathStyle: style)
            return request.canonical.split(separator: "\n", omittingEmptySubsequences: false)[1]
        }
        #expect(path("/a//b/../c%20d", .verbatim) == "/a//b/../c%20d")
        #expect(path("/a//b/../c%20d/", .normalised) == "/a/c%2520d/")
        #expect(path("/..", .normalised) == "/")
    }

    @Test func `percent-encodes and sorts queries by bytes`() {
        #expect(PercentEncoding.encoded("a b/é~+%") == "a%20b%2F%C3%A9~%2B%25")
        #expect(PercentEncoding.encoded("a b/é", keepsSlashes: true) == "a%20b/%C3%A9")
        #expect(PercentEncoding.query([("b", "2"), ("B", "1"), ("b", "1"), ("a b", "")]) == "B=1&a%20b=&b=1&b=2")
    }
}

@Suite struct `Timestamps` {
    /// Expected values computed with Python's datetime.
    @Test(arguments: [
        (0, "19700101T000000Z", "1970-01-01T00:00:00Z"),
        (951_827_696, "20000229T123456Z", "2000-02-29T12:34:56Z"),
        (1_440_938_160, "20150830T123600Z", "2015-08-30T12:36:00Z"),
        (4_107_542_399, "21000228T235959Z", "2100-02-28T23:59:59Z"),
        (4_107_542_400, "21000301T000000Z", "2100-03-01T00:00:00Z"),
        (253_402_300_799, "99991231T235959Z", "9999-12-31T23:59:59Z"),
    ])
    func `are written and read`(_ seconds: Int64, _ basic: String, _ iso: String) {
        #expect(Timestamp(seconds: seconds).basic == basic)
        #expect(Timestamp(iso: iso)?.seconds == seconds)
    }

    @Test func `are read from headers of HTTP`() {
        #expect(Timestamp(http: "Sun, 30 Aug 2015 12:36:00 GMT")?.seconds == 1_440_938_160)
        for text in [
            "", "Sun, 30 Aug 2015 12:36:00", "Sun, 30 Bug 2015 12:36:00 GMT", "Sunday, 30-Aug-15 12:36:00 GMT",
        ] {
            #expect(Timestamp(http: text) == nil, "\(text)")
        }
    }

    @Test func `may have a fraction and an offset, and must be valid`() {
        #expect(Timestamp(iso: "1970-01-01T02:00:01.123+02:00")?.seconds == 1)
        #expect(Timestamp(iso: "1970-01-01T00:00:00-0130")?.seconds == 5400)
        for text in ["", "1970-01-01", "1970-02-30T00:00:00Z", "1970-13-01T00:00:00Z", "1970-01-01T00:00:00Zx"] {
            #expect(Timestamp(iso: text) == nil, "\(text)")
        }
    }
}
