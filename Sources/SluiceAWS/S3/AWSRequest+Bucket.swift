import SluicePlatform
import Synchronization

/// The regions of buckets that are not in the client's region, as S3 has stated them. A process uses few buckets.
final class BucketRegions: Sendable {
    private let regions = Mutex<[String: String]>([:])

    subscript(bucket: String) -> String? {
        get { regions.withLock { $0[bucket] } }
        set { regions.withLock { $0[bucket] = newValue } }
    }
}

extension AWSRequest {
    /// Addresses the request to an object in a bucket that is in `region`.
    mutating func address(
        _ location: S3Location,
        in region: String,
        _ endpoints: EndpointResolver
    ) throws(AWSError) {
        (self.location, self.region) = (location, region)
        endpoint = try endpoints.endpoint(for: .s3, in: region)
        path = "/" + PercentEncoding.encoded(location.key, keepsSlashes: true)
        // Buckets whose name cannot be part of a host name, and substitutes for AWS, have the bucket in the path.
        if try endpoints.override(for: .s3) == nil, EndpointResolver.isHostLabel(location.bucket) {
            endpoint.host = "\(location.bucket).\(endpoint.host)"
        } else {
            path = "/" + PercentEncoding.encoded(location.bucket) + path
        }
    }
}
