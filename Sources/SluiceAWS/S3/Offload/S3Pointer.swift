import SluiceJSON

/// The body of a message whose actual body is in S3:
/// `["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"…","s3Key":"…"}]`.
package struct S3Pointer: Hashable {
    let bucket: String
    let key: String

    /// The attribute that marks such messages; its value, a number, is the size of the actual body.
    static let sizeAttribute = "ExtendedPayloadSize"
    private static let type = "software.amazon.payloadoffloading.PayloadS3Pointer"

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// Reads the body of a message. Returns nil if it is not a pointer.
    init?(json: some Sequence<UInt8>) {
        guard let elements = JSONValue(parsing: json, mostValues: 100)?.elements, elements.count == 2,
            elements[0].text == Self.type,
            let bucket = elements[1]["s3BucketName"]?.text, !bucket.isEmpty,
            let key = elements[1]["s3Key"]?.text, !key.isEmpty
        else { return nil }
        self.init(bucket: bucket, key: key)
    }

    var location: S3Location { S3Location(bucket: bucket, key: key) }

    var json: String {
        let place = [("s3BucketName", JSONWriter.string(bucket)), ("s3Key", JSONWriter.string(key))]
        return JSONWriter.array([JSONWriter.string(Self.type), JSONWriter.object(place)])
    }
}
