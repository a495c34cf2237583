// swift-tools-version: 6.1
import PackageDescription

/// Measures the library as a program that depends on it gets it; see ../README.md. A package of its own, without the benchmark
/// library, so that it also builds without optimization in a minute. SwiftCSV is resolved only for `peers`, which sets
/// `SLUICE_PEERS`.
let hasPeers = Context.environment["SLUICE_PEERS"] != nil

let package = Package(
    name: "library",
    dependencies: [.package(name: "sluice", path: "../..")]
        + (hasPeers ? [.package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0")] : []),
    targets: [
        .executableTarget(name: "Library", dependencies: [.product(name: "Sluice", package: "sluice")]),
        .target(name: "PeerProgram"),
        .executableTarget(
            name: "SluicePeer",
            dependencies: ["PeerProgram", .product(name: "Sluice", package: "sluice")]
        ),
    ]
        + (hasPeers ? [.executableTarget(name: "SwiftCSVPeer", dependencies: ["PeerProgram", "SwiftCSV"])] : [])
)
