// swift-tools-version: 6.2
import PackageDescription

/// Layers, each knowing only those to its left:
/// `CSluiceKernels` → `SluiceCSV` → `SluiceJSON` → `Sluice` → `SluiceCommandKit` → `sluice` (the command), and
/// `Sluice` → `SluiceAWS`; `sluice-aws`, the command for what is on AWS, has both.
/// `Sluice` → `SluiceFunction` → `sluice-lambda` (the function on AWS Lambda).
let engine: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "sluice",
    products: [
        .library(name: "Sluice", targets: ["Sluice"]),
        .library(name: "SluiceCSV", targets: ["SluiceCSV"]),
        // For Benchmarks only; the underscore says that it is no public API.
        .library(name: "_CSluiceKernels", targets: ["CSluiceKernels"]),
        .library(name: "SluiceAWS", targets: ["SluiceAWS"]),
        .executable(name: "sluice", targets: ["SluiceCommand"]),
        .executable(name: "sluice-aws", targets: ["SluiceAWSCommand"]),
        .executable(name: "sluice-lambda", targets: ["SluiceLambda"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .target(name: "CSluiceKernels"),
        .target(name: "CSluiceMapping"),
        .target(name: "CSluiceCleanup"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "SluiceCSV", dependencies: ["CSluiceKernels", "CSluiceMapping"], swiftSettings: engine),
        .target(name: "SluiceJSON", dependencies: ["SluiceCSV"], swiftSettings: engine),
        .target(name: "SluiceSystem", dependencies: ["CSluiceCleanup"], swiftSettings: engine),
        .target(
            name: "Sluice",
            dependencies: ["CZlib", "CZstd", "SluiceCSV", "SluiceJSON", "SluiceSystem"],
            swiftSettings: engine
        ),
        .target(
            name: "SluiceAWS",
            dependencies: [
                "Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: engine
        ),
        .target(
            name: "SluiceCommandKit",
            dependencies: [
                "Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: engine
        ),
        .executableTarget(
            name: "SluiceCommand",
            dependencies: [
                "Sluice", "SluiceCSV", "SluiceCommandKit", "SluiceSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: engine
        ),
        .executableTarget(
            name: "SluiceAWSCommand",
            dependencies: [
                "Sluice", "SluiceAWS", "SluiceCSV", "SluiceCommandKit", "SluiceJSON", "SluiceSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: engine
        ),
        .executableTarget(
            name: "SigningProbe",
            dependencies: ["SluiceAWS"],
            path: "Tests/SigningProbe",
            swiftSettings: engine
        ),
        .target(
            name: "SluiceFunction",
            dependencies: [
                "Sluice", "SluiceCSV", "SluiceJSON", "SluiceSystem",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: engine
        ),
        .target(name: "COldGlibc"),
        .executableTarget(
            name: "SluiceLambda",
            dependencies: [
                "COldGlibc", "Sluice", "SluiceAWS", "SluiceFunction", "SluiceSystem",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: engine
        ),
        .target(
            name: "SluiceTesting",
            dependencies: ["Sluice", "SluiceCSV", "SluiceJSON"],
            path: "Tests/SluiceTesting",
            swiftSettings: engine
        ),
        .testTarget(
            name: "SluiceCSVTests",
            dependencies: ["CSluiceKernels", "SluiceCSV", "SluiceTesting"],
            swiftSettings: engine
        ),
        .testTarget(
            name: "SluiceAWSTests",
            dependencies: [
                "Sluice", "SluiceAWS", "SluiceCSV",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: engine
        ),
        .testTarget(
            name: "SluiceTests",
            dependencies: ["CZlib", "CZstd", "Sluice", "SluiceCSV", "SluiceTesting"],
            swiftSettings: engine
        ),
        .testTarget(
            name: "SluiceFunctionTests",
            dependencies: [
                "Sluice", "SluiceFunction", "SluiceJSON",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: engine
        ),
    ]
)
