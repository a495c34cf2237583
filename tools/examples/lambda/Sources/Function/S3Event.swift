import Foundation
import SluiceAWS

/// The event with which S3 invokes a function.
struct S3Event: Decodable {
    struct Record: Decodable {
        struct Place: Decodable {
            struct Bucket: Decodable { var name: String }
            struct Object: Decodable { var key: String, versionId: String? }

            var bucket: Bucket
            var object: Object
        }

        var s3: Place
    }

    enum CodingKeys: String, CodingKey { case records = "Records" }

    var records: [Record]

    /// Where the objects are. Keys are encoded as in a form: a plus sign is a space.
    var objects: [S3Location] {
        records.compactMap { record in
            let object = record.s3.object
            let key = object.key.replacing("+", with: " ").removingPercentEncoding
            return key.map { S3Location(bucket: record.s3.bucket.name, key: $0, versionID: object.versionId) }
        }
    }
}
