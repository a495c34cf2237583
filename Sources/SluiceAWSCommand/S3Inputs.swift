import NIOCore
import SluiceAWS
import SluiceCLI
import SluiceEngine
import Synchronization

/// Opens inputs named `s3://bucket/key`.
struct S3Inputs: RemoteInputProvider {
    func open(_ name: String) throws(SluiceError) -> RemoteInput? {
        guard name.hasPrefix("s3://") else { return nil }
        guard let location = Self.location(named: name) else {
            throw .misuse(
                "an object is named s3://bucket/key or s3://bucket/key?versionId=…; "
                    + "all below s3://bucket/prefix are taken by send, check and plan --recursive"
            )
        }
        let s3 = Network.s3
        let object = try Blocking.waitUnlessInterrupted(about: name) { () async throws(AWSError) in
            try await s3.object(at: location)
        }
        return RemoteInput(source: object.sourceName, size: object.size) { range in
            S3Source(s3.chunks(of: object, range: range), name: name)
        }
    }
}

/// The names of listed objects. The key `a.csv?versionId=1` is read otherwise in a name, so objects with such keys are noted.
extension S3Inputs {
    private static let listed = Mutex<[String: S3Location]>([:])

    /// Returns the name by which an object of a listing can be opened.
    static func name(of location: S3Location) -> String {
        let name = location.description
        if S3Location(name) != location { listed.withLock { $0[name] = location } }
        return name
    }

    private static func location(named name: String) -> S3Location? {
        listed.withLock { $0[name] } ?? S3Location(name)
    }
}

extension S3Inputs: RemoteListingProvider {
    func objects(_ selection: ObjectSelection) throws(Failure) -> [String] {
        var (listing, names) = (S3Listing(of: selection.bucket, prefix: selection.prefix, Network.s3), [String]())
        while let page = try listing.nextPage(of: selection.address) {
            let taken = page.filter { selection.contains($0.location.key, modified: $0.modified) }
            names += taken.map { Self.name(of: $0.location) }
        }
        return names
    }
}

/// The bytes of an object, fetched ahead of the reader.
private final class S3Source: ByteSource {
    private let chunks: S3Chunks.AsyncIterator
    private let name: String
    private var chunk = ByteBuffer()

    init(_ chunks: S3Chunks, name: String) {
        self.chunks = chunks.makeAsyncIterator()
        self.name = name
    }

    func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        if chunk.readableBytes == 0 {
            let chunks = chunks
            let next = try Blocking.waitUnlessInterrupted(about: name) { () async throws(AWSError) in
                try await chunks.nextChunk()
            }
            guard let next else { return 0 }
            chunk = next
        }
        return chunk.readWithUnsafeReadableBytes { bytes in
            let count = min(bytes.count, memory.count)
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
            return count
        }
    }
}
