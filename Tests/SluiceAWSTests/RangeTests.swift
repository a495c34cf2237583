import NIOCore
import NIOHTTP1
import SluiceAWS
import Synchronization
import Testing

/// An object, and the replies for ranges of it.
private struct Stored {
    let bytes: [UInt8]

    init(_ count: Int) { bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

    var object: S3Object {
        S3Object(location: S3Location(bucket: "b", key: "k"), size: UInt64(bytes.count), entityTag: "\"e\"")
    }

    func range(of request: HTTPRequest) -> Range<Int> {
        let text = request.headers.first { $0.name == "range" }?.value.dropFirst("bytes=".count) ?? ""
        let ends = text.split(separator: "-").compactMap { Int($0) }
        return ends.count == 2 ? ends[0]..<ends[1] + 1 : 0..<bytes.count
    }

    func reply(_ range: Range<Int>, status: Int = 206, tag: String = "\"e\"", given: Range<Int>? = nil) -> HTTPReply {
        let named = given ?? range
        let headers: HTTPHeaders = [
            "etag": tag, "content-range": "bytes \(named.lowerBound)-\(named.upperBound - 1)/\(bytes.count)",
        ]
        return HTTPReply(status: status, headers: headers, body: ByteBuffer(bytes: bytes[range]))
    }
}

@Suite struct `A range of an object` {
    private let stored = Stored(1 << 20)

    private func read(
        _ range: Range<UInt64> = 1000..<900_000,
        _ answer: @escaping @Sendable (Int, HTTPRequest) -> Result<HTTPReply, HTTPFailure>
    ) async -> (requests: [HTTPRequest], result: Result<ByteBuffer, AWSError>) {
        let count = Mutex(0)
        let answers = Answers { request in
            answer(
                count.withLock { count in
                    count += 1
                    return count
                },
                request
            )
        }
        do throws(AWSError) {
            let bytes = try await S3Client(answers.client()).bytes(range, of: stored.object)
            return (answers.requests, .success(bytes))
        } catch {
            return (answers.requests, .failure(error))
        }
    }

    @Test func `resumes where its connection broke or stalled`() async throws {
        for kind in [HTTPFailure.Kind.unreachable, .timeout] {
            let (requests, result) = await read { [stored] _, request in
                let range = stored.range(of: request)
                if range.count <= 100_000 { return .success(stored.reply(range)) }
                let partial = stored.reply(range.lowerBound..<range.lowerBound + 70_000, given: range)
                return .failure(HTTPFailure(kind: kind, reason: "broke", partial: partial))
            }
            #expect(try result.get() == ByteBuffer(bytes: stored.bytes[1000..<900_000]))
            // There are more breaks than allowed retries: a connection that brings bytes resets the count.
            let starts = requests.map { stored.range(of: $0).lowerBound }
            #expect(starts == Array(stride(from: 1000, through: 841_000, by: 70_000)))
            #expect(requests.allSatisfy { stored.range(of: $0).upperBound == 900_000 })
        }
    }

    @Test func `is abandoned if its connections deliver almost nothing`() async {
        let (requests, result) = await read { [stored] _, request in
            let start = stored.range(of: request).lowerBound
            let partial = stored.reply(start..<start + 1)
            return .failure(HTTPFailure(kind: .timeout, reason: "slow", partial: partial))
        }
        #expect(requests.count == 8)
        #expect(throws: AWSError.self) { try result.get() }
    }

    @Test func `is read only from the pinned object, even after it resumes`() async {
        let (requests, result) = await read { [stored] number, request in
            let range = stored.range(of: request)
            if number > 1 { return .success(stored.reply(range, tag: "\"f\"")) }
            let partial = stored.reply(range.lowerBound..<range.lowerBound + 70_000, given: range)
            return .failure(HTTPFailure(kind: .unreachable, reason: "broke", partial: partial))
        }
        #expect(requests.count == 2)
        let error = #expect(throws: AWSError.self) { try result.get() }
        #expect(error?.kind == .changed)
        // A part of another object is not accepted either.
        let (_, other) = await read { [stored] _, request in
            let partial = stored.reply(stored.range(of: request).prefix(70_000), tag: "\"f\"")
            return .failure(HTTPFailure(kind: .unreachable, reason: "broke", partial: partial))
        }
        #expect(#expect(throws: AWSError.self) { try other.get() }?.kind == .changed)
    }

    @Test func `is refused if it is not the requested range`() async {
        let range = 1000..<900_000
        let wrong: [(String, HTTPReply)] = [
            ("the whole object", stored.reply(0..<1 << 20, status: 200)),
            ("the right bytes, but with status 200", stored.reply(range, status: 200)),
            ("another range", stored.reply(2000..<901_000)),
            ("fewer bytes", stored.reply(1000..<899_999)),
            ("nothing", stored.reply(1000..<1000, given: range)),
            ("no content", HTTPReply(status: 204)),
        ]
        for (name, reply) in wrong {
            let (requests, result) = await read { _, _ in .success(reply) }
            let error = #expect(throws: AWSError.self) { try result.get() }
            #expect(error?.kind == .malformed && requests.count == 1, "\(name)")
        }
    }

    @Test func `holds no more bytes than were requested`() async throws {
        let (requests, result) = await read { [stored] _, request in .success(stored.reply(stored.range(of: request))) }
        #expect(try result.get().readableBytes == 899_000)
        #expect(requests[0].limit == 899_000)
    }

    @Test func `is paid for by whoever reads it, if they agree`() async throws {
        for agrees in [false, true] {
            let answers = Answers { [stored] request in
                guard request.method == .HEAD else { return .success(stored.reply(stored.range(of: request))) }
                let headers: HTTPHeaders = ["etag": "\"e\"", "content-length": "\(stored.bytes.count)"]
                return .success(HTTPReply(status: 200, headers: headers))
            }
            var client = S3Client(answers.client())
            client.paysForRequests = agrees
            _ = try await client.bytes(0..<10, of: try await client.object(at: stored.object.location))
            // From Amazon S3 User Guide, "Downloading objects from Requester Pays buckets".
            let headers = answers.requests.map { $0.headers.first { $0.name == "x-amz-request-payer" }?.value }
            #expect(headers == Array(repeating: agrees ? "requester" : nil, count: 2))
        }
    }

    @Test func `ends a stream of chunks if it cannot be fetched`() async throws {
        let answers = Answers { [stored] request in
            let range = stored.range(of: request)
            return .success(range.lowerBound == 200_000 ? HTTPReply(status: 404) : stored.reply(range))
        }
        let client = S3Client(answers.client())
        var chunks = client.chunks(of: stored.object, size: 100_000, inFlight: 2).makeAsyncIterator()
        var bytes: [UInt8] = []
        let error = await #expect(throws: AWSError.self) {
            while let chunk = try await chunks.next() { bytes += chunk.readableBytesView }
        }
        #expect(error?.kind == .notFound && bytes == Array(stored.bytes[..<200_000]))
        #expect(try await chunks.next() == nil)
    }
}
