/// The hosts of AWS's services, by the rules that AWS's SDKs share.
///
///     sqs.eu-north-1.amazonaws.com                usual
///     sqs-fips.us-east-1.amazonaws.com            FIPS: cryptography that the government of the United States has validated
///     sqs.eu-north-1.api.aws                      dual-stack: IPv4 and IPv6
///     s3-fips.dualstack.us-east-1.amazonaws.com   S3 has its own form of that
extension AWSService {
    /// The kind of host that is wanted.
    struct Variant: Hashable {
        var isFIPS = false
        var isDualStack = false
    }

    /// Returns the service's host in a region.
    func host(in region: String, _ variant: Variant) throws(AWSError) -> String {
        let partition = Partition(of: region)
        let suffix = variant.isDualStack ? partition.dualStackSuffix : partition.suffix
        switch self {
        case .signIn where !variant.isDualStack && (!variant.isFIPS || partition.isGovernment):
            let name = variant.isFIPS ? "signin-fips" : "signin"
            return (variant.isFIPS && region == "us-gov-west-1" ? "" : "\(region).")
                + "\(name).\(partition.signInSuffix)"
        case .s3:
            if variant.isFIPS, partition.isChina { throw .setUp("S3 has no FIPS endpoints in \(region)") }
            let name = (variant.isFIPS ? "s3-fips" : "s3") + (variant.isDualStack ? ".dualstack" : "")
            return "\(name).\(region).\(partition.suffix)"
        case .stepFunctions where partition.isGovernment && variant.isDualStack:
            return "states-fips.\(region).\(suffix)"
        default:
            return hostName + (variant.isFIPS && !isPlainFIPS(in: region, variant) ? "-fips" : "")
                + ".\(region).\(suffix)"
        }
    }

    /// Whether the usual host is the FIPS host too, as those of most services in GovCloud are.
    private func isPlainFIPS(in region: String, _ variant: Variant) -> Bool {
        guard Partition(of: region).isGovernment, !variant.isDualStack else { return false }
        return self == .stepFunctions ? region == "us-gov-west-1" : self != .lambda
    }

    private var hostName: String {
        switch self {
        case .sso: "portal.sso"
        case .ssoOIDC: "oidc"
        default: rawValue
        }
    }
}
