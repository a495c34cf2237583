/// An object that is to be converted, as an event names it.
package struct ObjectReference: Sendable, Hashable {
    package var bucket: String
    /// The key as it is, not encoded.
    package var key: String
    /// Nil: the bucket keeps no versions, or the event did not tell.
    package var versionID: String?

    package init(bucket: String, key: String, versionID: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
    }

    /// The name of the object in messages: `s3://bucket/key?versionId=…`.
    ///
    /// Bytes of the key and the version other than letters, digits and `-._~/` are percent-encoded, so that the name is
    /// ASCII and its one `?` starts the version. The key `a b/ü+1.csv` becomes `a%20b/%C3%BC%2B1.csv`.
    package var source: String {
        let version = versionID.map { "?versionId=" + PercentEncoding.encoded($0) } ?? ""
        return "s3://\(bucket)/\(PercentEncoding.encoded(key))\(version)"
    }
}
