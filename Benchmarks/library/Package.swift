// swift-tools-version: 6.1
import PackageDescription

/// Measures the library as a program that depends on it gets it; see ../README.md. A package of its own, without the benchmark
/// library, so that it also builds without optimization in a minute.
let package = Package(
    name: "library",
    dependencies: [.package(name: "sluice", path: "../..")],
    targets: [.executableTarget(name: "Library", dependencies: [.product(name: "Sluice", package: "sluice")])]
)
