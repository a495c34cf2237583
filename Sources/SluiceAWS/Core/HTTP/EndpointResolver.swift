/// The region, and the endpoints of its services.
///
/// An endpoint is, in this order: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL_SQS`… for one service; `AWS_ENDPOINT_URL` for
/// all; AWS's address of the service in the region. The region is `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's.
package struct EndpointResolver: Sendable {
    private let environment: AWSEnvironment
    private let chosenRegion: String?

    package init(_ environment: AWSEnvironment, region: String? = nil) {
        self.environment = environment
        chosenRegion =
            region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
            ?? ProfileFile(environment)["region"]
    }

    /// Returns the endpoint that is configured instead of AWS's own, if there is one.
    package func override(for service: AWSService) throws(AWSError) -> Endpoint? {
        if environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") { return nil }
        for name in ["AWS_ENDPOINT_URL_\(service.variable)", "AWS_ENDPOINT_URL"] {
            guard let url = environment[name] else { continue }
            guard let endpoint = Endpoint(url) else { throw .setUp("\(name): '\(url)' is not a valid address") }
            return endpoint
        }
        return nil
    }

    package func endpoint(for service: AWSService) throws(AWSError) -> Endpoint {
        if let endpoint = try override(for: service) { return endpoint }
        let region = try region(for: service)
        // The region becomes a part of the host name, so it must not contain characters that could end the name.
        guard region.utf8.allSatisfy(Self.isRegionByte),
            let endpoint = Endpoint("https://\(service.rawValue).\(region).\(domain)")
        else { throw .setUp("there is no region '\(region)'") }
        return endpoint
    }

    /// Returns the region that requests are signed for.
    package func region(for service: AWSService) throws(AWSError) -> String {
        if let chosenRegion { return chosenRegion }
        // A substitute for AWS has no regions and accepts any.
        if try override(for: service) != nil { return "us-east-1" }
        throw .setUp("no region: set AWS_REGION, or region in the profile")
    }

    private static func isRegionByte(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || byte == UInt8(ascii: "-")
    }

    private var domain: String { (chosenRegion ?? "").hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com" }
}
