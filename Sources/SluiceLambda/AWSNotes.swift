import NIOCore
import NIOHTTP1
import SluiceAWS
import SluicePipeline

/// Notes in S3.
struct AWSNotes: NoteStore {
    let client: S3Client
    let bucket: String
    let prefix: String

    func read(_ name: String) async throws -> Note? {
        do throws(AWSError) {
            let reply = try await client.read(location(name), limit: 16 << 20)
            return Note(text: Array(reply.body.readableBytesView), tag: reply.headers.first(name: "etag") ?? "")
        } catch {
            if error.isNoSuchObject { return nil }
            throw error
        }
    }

    func write(_ text: String, to name: String, if condition: NoteCondition?) async throws -> String? {
        let headers: [(name: String, value: String)] =
            switch condition {
            case .isAbsent: [("if-none-match", "*")]
            case .hasTag(let tag): [("if-match", tag)]
            case nil: []
            }
        do throws(AWSError) {
            return try await client.write(
                ByteBuffer(string: text),
                to: location(name),
                contentType: "application/json",
                headers: headers
            )
        } catch {
            // Either two writers compete, or the note has been deleted.
            let conflicts = error.kind == .changed || error.code == "ConditionalRequestConflict"
            if condition != nil, conflicts || error.isNoSuchObject { return nil }
            throw error
        }
    }

    private func location(_ name: String) -> S3Location { S3Location(bucket: bucket, key: prefix + name) }
}
