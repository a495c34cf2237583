/// The region, and the endpoints of its services.
///
/// An endpoint is the first of these:
///
///     AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_SQS…     for one service
///     AWS_ENDPOINT_URL                               for all
///     endpoint_url of s3 =, sqs =… in the section    for one service
///         [services …] that the profile names
///     endpoint_url of the profile                    for all
///     AWS's host of the service in the region, of the kind that AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT,
///         or the same settings of the profile, ask for
///
/// The region is `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's.
package struct EndpointResolver: Sendable {
    private let environment: AWSEnvironment
    private let files: SharedFiles
    /// The region; nil if none is configured.
    package let chosenRegion: String?

    package init(_ environment: AWSEnvironment, region: String? = nil) {
        self.environment = environment
        files = SharedFiles(environment)
        chosenRegion =
            region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? files.profile?["region"]
    }

    /// Returns the endpoint that is configured instead of AWS's own, if there is one.
    package func override(for service: AWSService) throws(AWSError) -> Endpoint? {
        if isTrue("ignore_configured_endpoint_urls", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") { return nil }
        guard let (url, origin) = try configuredURL(for: service) else { return nil }
        guard let endpoint = Endpoint(url) else { throw .setUp("\(origin): '\(url)' is not a valid address") }
        return endpoint
    }

    /// Returns the URL that is configured for a service, and what configures it.
    private func configuredURL(for service: AWSService) throws(AWSError) -> (url: String, origin: String)? {
        for name in ["AWS_ENDPOINT_URL_\(service.variable)", "AWS_ENDPOINT_URL"] {
            if let url = environment[name] { return (url, name) }
        }
        guard let profile = files.profile else { return nil }
        if let name = profile["services"] {
            guard let services = files.section(.services, name) else {
                throw .setUp(
                    "profile '\(profile.name)' has services = \(name), but there is no section [services \(name)]"
                )
            }
            let setting = "\(service.variable.lowercased()).endpoint_url"
            if let url = services[setting] { return (url, "\(setting) in [services \(name)]") }
        }
        return profile["endpoint_url"].map { ($0, "endpoint_url of profile '\(profile.name)'") }
    }

    /// Returns the endpoint of a service.
    ///
    /// - Parameter region: A region other than the configured one.
    package func endpoint(for service: AWSService, in region: String? = nil) throws(AWSError) -> Endpoint {
        if let endpoint = try override(for: service) { return endpoint }
        let region = if let region { region } else { try self.region(for: service) }
        // The region becomes a part of the host name, so it must not contain characters that could end the name.
        guard Self.isHostLabel(region),
            let endpoint = Endpoint("https://\(try service.host(in: region, variant(for: service)))")
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

    /// The kind of AWS's own endpoints that is configured.
    func variant(for service: AWSService) -> AWSService.Variant {
        let isDualStack = isTrue("use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT")
        return AWSService.Variant(
            isFIPS: isTrue("use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT"),
            isDualStack: isDualStack || service == .s3 && files.profile?.isTrue("s3.use_dualstack_endpoint") == true
        )
    }

    /// Whether a variable, or where it is not set a setting of the profile, is `true`.
    private func isTrue(_ setting: String, _ variable: String) -> Bool {
        environment[variable] == nil ? files.profile?.isTrue(setting) == true : environment.isTrue(variable)
    }

    /// Whether a region or a bucket may be part of a host name: lower-case letters, digits and hyphens, without a dot.
    static func isHostLabel(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 || $0 == UInt8(ascii: "-") }
    }
}
