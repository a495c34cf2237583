extension S3Client {
    /// Returns the next keys of objects in a bucket, in the order of their UTF-8 bytes, at most 1,000 at a time.
    ///
    ///     var keys = try await s3.keys(in: "rows", prefix: "orders/")
    ///     while let last = keys.last {
    ///         print(keys)
    ///         keys = try await s3.keys(in: "rows", prefix: "orders/", after: last)
    ///     }
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - prefix: What the keys start with.
    ///   - key: The key after which the keys come; nil for the first ones.
    /// - Returns: The keys; none if there are no more.
    public func keys(
        in bucket: String,
        prefix: String = "",
        after key: String? = nil
    ) async throws(AWSError) -> [String] {
        var listing = S3Listing(of: bucket, prefix: prefix, after: key, self)
        while let page = try await listing.next() {
            // A page can be empty although more follow.
            if !page.isEmpty { return page.map(\.location.key) }
        }
        return []
    }
}
