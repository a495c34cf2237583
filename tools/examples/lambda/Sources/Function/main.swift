import Sluice
import SluiceAWS

let client = AWSClient()
let s3 = S3Client(client)
let queue = try SQSQueue(url: setting("QUEUE_URL"), client: client)

try await serve { (event: S3Event) in
    for location in event.objects {
        let object = try await s3.object(at: location)
        let (chunks, sender) = (s3.chunks(of: object), SQSSender(queue))
        do {
            for try await message in CSVConverter().messages(from: chunks, source: object.source, size: object.size) {
                try await sender.send(message)
            }
        } catch SluiceError.badData(let error) {
            print("\(object.source):\(error)")  // The last message, `aborted`, states it too.
        }
        try await sender.finish()
    }
}
