import Sluice
import SluiceAWS

let store = RowStore(
    s3: S3Client(AWSClient()),
    bucket: try setting("BUCKET"),
    prefix: (try? setting("PREFIX")) ?? "",
    offloadBucket: try? setting("OFFLOAD_BUCKET")
)

try await serve { (event: SQSEvent) in
    var answer = SQSEvent.Answer()
    // The folders that messages were written to, and the manifests among these.
    var folders: [String: [SQSEvent.Record]] = [:]
    for record in event.records {
        do {
            let folder = try await store.add(record.message)
            folders[folder, default: []] += record.message.content == .manifest ? [record] : []
        } catch {
            // Whatever is wrong with one message, the others are acknowledged.
            answer.fail(record, error)
        }
    }
    for (folder, manifests) in folders {
        do { try await store.complete(folder) } catch {
            // Rows are stored, whether or not they complete the input.
            for record in manifests { answer.fail(record, error) }
        }
    }
    return answer
}
