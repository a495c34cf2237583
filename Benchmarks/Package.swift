// swift-tools-version: 6.1
import PackageDescription

/// Benchmarks of the engine's parts, on ordo-one/benchmark; see README.md. A package of its own, so that nobody who
/// depends on Sluice gets its dependencies. It sees what Sluice's users see, and the kernels through the product
/// `_CSluiceKernels`, whose underscore says that it is no public API.
let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
let sluice = Target.Dependency.product(name: "Sluice", package: "sluice")
let benchmark = Target.Dependency.product(name: "Benchmark", package: "benchmark")

/// The plugin finds benchmarks by their place: folders directly inside one that is named `Benchmarks`.
func benchmarks(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies + ["Inputs", benchmark],
        path: name,
        swiftSettings: swift,
        plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
}

let package = Package(
    name: "sluice-benchmarks",
    dependencies: [
        .package(name: "sluice", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CZstdAlone", path: "CZstdAlone", pkgConfig: "libzstd"),
        .target(name: "Inputs", dependencies: [benchmark], path: "Inputs", swiftSettings: swift),
        benchmarks("Kernels", [.product(name: "_CSluiceKernels", package: "sluice")]),
        benchmarks("Rows", [sluice]),
        benchmarks("Messages", [sluice, "CZstdAlone"]),
    ]
)
