// swift-tools-version: 6.2
import PackageDescription

// Layers, each knowing only those to its left:
//
//     CSluiceKernels → SluiceCSV → SluiceJSON → Sluice → SluiceCommandKit → sluice (the command)
//                                               Sluice → SluiceAWS → sluice-aws (the command for what is on AWS)
//                                               Sluice → SluiceFunction ↘
//                                                        SluiceAWS      → sluice-lambda (the function on AWS Lambda)
//
// SLUICE_CORE_ONLY=1 leaves only the library, its tests and what the fuzzer needs: builds with sanitizers are slow.
let isCoreOnly = Context.environment["SLUICE_CORE_ONLY"] == "1"
// SLUICE_ENGINE_ONLY=1 leaves out all that needs an HTTP client, which takes minutes to build.
let isEngineOnly = isCoreOnly || Context.environment["SLUICE_ENGINE_ONLY"] == "1"
// SLUICE_STATIC=1, with --static-swift-stdlib, makes the command a program that needs no other file: a third of the time in
// which it starts would go into finding libraries and their symbols. The other programs look up names in the network, for
// which the C library loads libraries of its own.
let isStatic = Context.environment["SLUICE_STATIC"] == "1"
// SLUICE_FUZZ=1 adds the targets for the fuzzer, see tools/fuzz.
let isFuzzed = Context.environment["SLUICE_FUZZ"] == "1"

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let http: [Target.Dependency] = [
    .product(name: "AsyncHTTPClient", package: "async-http-client"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

func library(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// Test targets are compiled without optimization, which halves their time. The modules under test and the reference parser
/// are optimized, as users get them.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings + [.unsafeFlags(["-Onone"])])
}

let core: [Target] = [
    .target(name: "CSluiceKernels"),
    .target(name: "CSluiceMapping"),
    .target(name: "CSluiceCleanup"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    library("SluiceSystem", ["CSluiceCleanup"]),
    library("SluiceCSV", ["CSluiceKernels", "CSluiceMapping", "SluiceSystem"]),
    library("SluiceJSON", ["SluiceCSV"]),
    library("Sluice", ["CZlib", "CZstd", "SluiceCSV", "SluiceJSON", "SluiceSystem"]),
    library(
        "SluiceTesting",
        ["CZlib", "CZstd", "Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem"],
        path: "Tests/SluiceTesting"
    ),
    tests("SluiceCSVTests", ["CSluiceKernels", "SluiceCSV", "SluiceTesting"]),
    tests("SluiceTests", ["CZlib", "CZstd", "Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem", "SluiceTesting"]),
]

let pipeline = library("SluiceFunction", ["Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem", logging])

let commands: [Target] = [
    pipeline,
    library("SluiceCommandKit", ["Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem", arguments]),
    .executableTarget(
        name: "SluiceCommand",
        dependencies: ["SluiceCommandKit", "SluiceSystem", arguments],
        swiftSettings: settings,
        linkerSettings: isStatic ? [.unsafeFlags(["-static-executable"], .when(platforms: [.linux]))] : []
    ),
    library(
        "SluiceSimulation",
        ["Sluice", "SluiceFunction", "SluiceJSON", "SluiceTesting", logging],
        path: "Tests/SluiceSimulation"
    ),
    program("Simulate", ["SluiceSimulation", "SluiceSystem"], path: "Tests/Simulate"),
    tests(
        "SluiceFunctionTests",
        ["Sluice", "SluiceFunction", "SluiceJSON", "SluiceSimulation", "SluiceSystem", logging]
    ),
]

let aws: [Target] = [
    .target(name: "COldGlibc"),
    library("SluiceAWS", ["Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem", crypto, logging] + http),
    program(
        "SluiceAWSCommand",
        ["Sluice", "SluiceAWS", "SluiceCSV", "SluiceCommandKit", "SluiceJSON", "SluiceSystem", arguments] + http
    ),
    program(
        "SluiceLambda",
        [
            "COldGlibc", "Sluice", "SluiceAWS", "SluiceFunction", "SluiceSystem", logging,
            .product(name: "NIOPosix", package: "swift-nio"),
        ] + http
    ),
    program("SigningProbe", ["SluiceAWS", "SluiceJSON", "SluiceSystem"], path: "Tests/SigningProbe"),
    tests("SluiceAWSTests", ["Sluice", "SluiceAWS", "SluiceCSV", "SluiceSystem", logging] + http),
]

let package = Package(
    name: "sluice",
    products: [
        .library(name: "Sluice", targets: ["Sluice"]),
        .library(name: "SluiceCSV", targets: ["SluiceCSV"]),
        // For Benchmarks only; the underscore says that it is no public API.
        .library(name: "_CSluiceKernels", targets: ["CSluiceKernels"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2")
    ],
    targets: core
)

if !isCoreOnly {
    package.products.append(.executable(name: "sluice", targets: ["SluiceCommand"]))
    package.dependencies.append(.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"))
    package.targets += commands
} else if isFuzzed {
    package.targets.append(pipeline)
}

if isFuzzed {
    // A product, so that there is a list of the objects that the fuzzer's program consists of.
    package.products.append(.library(name: "SluiceFuzz", type: .static, targets: ["SluiceFuzz"]))
    package.targets.append(
        library(
            "SluiceFuzz",
            ["CZstd", "Sluice", "SluiceCSV", "SluiceFunction", "SluiceJSON", "SluiceSystem", "SluiceTesting"],
            path: "Tests/fuzz/engine"
        )
    )
}

if !isEngineOnly {
    package.products += [
        .library(name: "SluiceAWS", targets: ["SluiceAWS"]),
        .executable(name: "sluice-aws", targets: ["SluiceAWSCommand"]),
        .executable(name: "sluice-lambda", targets: ["SluiceLambda"]),
    ]
    package.dependencies += [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ]
    package.targets += aws
}
