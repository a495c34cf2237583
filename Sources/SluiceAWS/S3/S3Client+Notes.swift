package import NIOCore
import NIOHTTP1

/// Notes: small objects that several processes share, read and written as a whole.
extension S3Client {
    /// A condition on the stored object, under which a write happens.
    package enum PutCondition: Sendable, Hashable {
        /// No object exists.
        case isAbsent
        /// The object has this ETag.
        case hasTag(String)
    }

    /// Returns an object's bytes and ETag, or nil if it does not exist.
    package func note(
        at location: S3Location,
        limit: Int = 16 << 20
    ) async throws(AWSError) -> (bytes: ByteBuffer, entityTag: String)? {
        do throws(AWSError) {
            let reply = try await read(location, limit: limit)
            return (reply.body, reply.headers.first(name: "etag") ?? "")
        } catch {
            if error.kind == .notFound, error.code != "NoSuchBucket" { return nil }
            throw error
        }
    }

    /// Writes an object and returns its ETag. Returns nil if the condition does not hold.
    ///
    /// If an answer was lost and the request was retried, nil may be due to this call's own write. A caller to whom this
    /// matters must read the object.
    package func putNote(
        _ body: ByteBuffer,
        to location: S3Location,
        if condition: PutCondition? = nil
    ) async throws(AWSError) -> String? {
        let header: (name: String, value: String)? =
            switch condition {
            case .isAbsent: ("if-none-match", "*")
            case .hasTag(let tag): ("if-match", tag)
            case nil: nil
            }
        do throws(AWSError) {
            return try await write(
                body,
                to: location,
                contentType: "application/json",
                headers: header.map { [$0] } ?? []
            )
        } catch {
            // Either two writers compete, or the object has been deleted.
            let hasGone = error.kind == .notFound && error.code != "NoSuchBucket"
            let conflicts = error.kind == .changed || error.code == "ConditionalRequestConflict"
            if condition != nil, hasGone || conflicts { return nil }
            throw error
        }
    }
}
