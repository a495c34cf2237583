/// A partition of AWS: regions whose hosts have the same suffixes.
struct Partition {
    /// The start of its regions' names.
    private let prefix: String
    let suffix: String
    /// The suffix of hosts that have addresses in both IPv4 and IPv6.
    let dualStackSuffix: String
    /// The suffix of hosts where users sign in.
    let signInSuffix: String
    /// Whether it is GovCloud.
    var isGovernment: Bool { prefix == "us-gov-" }
    var isChina: Bool { prefix == "cn-" }

    /// Returns the partition of a region.
    init(of region: String) {
        self = Self.special.first { region.hasPrefix($0.prefix) } ?? Self.commercial
    }

    private init(_ prefix: String, _ suffix: String, dualStack: String, signIn: String) {
        self.prefix = prefix
        self.suffix = suffix
        dualStackSuffix = dualStack
        signInSuffix = signIn
    }

    /// Whether hosts of any partition have that suffix.
    static func has(suffix: String) -> Bool {
        ([commercial] + special).contains { [$0.suffix, $0.dualStackSuffix].contains(suffix) }
    }

    private static let commercial =
        Partition("", "amazonaws.com", dualStack: "api.aws", signIn: "aws.amazon.com")
    private static let special = [
        Partition("us-gov-", "amazonaws.com", dualStack: "api.aws", signIn: "amazonaws-us-gov.com"),
        Partition("cn-", "amazonaws.com.cn", dualStack: "api.amazonwebservices.com.cn", signIn: "amazonaws.cn"),
        Partition("eusc-", "amazonaws.eu", dualStack: "api.amazonwebservices.eu", signIn: "amazonaws-eusc.eu"),
        Partition("us-iso-", "c2s.ic.gov", dualStack: "api.aws.ic.gov", signIn: "c2shome.ic.gov"),
        Partition("us-isob-", "sc2s.sgov.gov", dualStack: "api.aws.scloud", signIn: "sc2shome.sgov.gov"),
        Partition("us-isof-", "csp.hci.ic.gov", dualStack: "api.aws.hci.ic.gov", signIn: "csphome.hci.ic.gov"),
        Partition("eu-isoe-", "cloud.adc-e.uk", dualStack: "api.cloud-aws.adc-e.uk", signIn: "csphome.adc-e.uk"),
    ]
}
