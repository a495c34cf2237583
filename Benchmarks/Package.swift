// swift-tools-version: 6.1
import PackageDescription

/// Benchmarks of the engine's parts, with ordo-one/benchmark; see README.md. A separate package, so that users of Sluice do
/// not get its dependencies. It sees Sluice's public API, and the kernels through the product `_CSluiceKernels`, whose
/// underscore marks it as not public.
let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]
let converter = Target.Dependency.product(name: "Sluice", package: "sluice")
let benchmark = Target.Dependency.product(name: "Benchmark", package: "benchmark")

/// The plugin looks for benchmarks in the folders directly inside one that is named `Benchmarks`.
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
        benchmarks("Rows", [converter]),
        benchmarks("Messages", [converter, "CZstdAlone"]),
    ]
)
