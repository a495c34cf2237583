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
    // The folders that messages were written to, and these messages.
    var folders: [String: [SQSEvent.Record]] = [:]
    for record in event.records {
        do {
            let folder = try await store.add(record.message)
            folders[folder, default: []].append(record)
        } catch {
            // Whatever is wrong with one message, the others are acknowledged.
            answer.fail(record, error)
        }
    }
    for (folder, records) in folders {
        do { try await store.complete(folder) } catch let error as Excess {
            // Nobody may take the folder for complete.
            for record in records { answer.fail(record, error) }
        } catch {
            // Rows are stored, whether or not they complete the input.
            for record in records where record.message.content == .manifest { answer.fail(record, error) }
        }
    }
    return answer
}
