package import NIOCore
import NIOHTTP1

/// Small objects that several processes share, read and written as a whole.
extension S3Client {
    /// What must hold of an object for it to be written.
    package enum PutCondition: Sendable, Hashable {
        /// There is none.
        case isAbsent
        /// It has that ETag.
        case hasTag(String)
    }

    /// An object's bytes and its ETag; nil: there is none.
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

    /// Writes an object and returns its ETag; nil: the condition does not hold.
    ///
    /// If an answer was lost and the request went out again, nil may be about what this call itself wrote: whoever cares
    /// reads what is there.
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
            // Two writers at a time, or an object that has gone meanwhile.
            let hasGone = error.kind == .notFound && error.code != "NoSuchBucket"
            let conflicts = error.kind == .changed || error.code == "ConditionalRequestConflict"
            if condition != nil, hasGone || conflicts { return nil }
            throw error
        }
    }
}
