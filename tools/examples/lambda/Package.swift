// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "function",
    dependencies: [
        .package(name: "sluice", path: "../../..", traits: ["AWS"]),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "Function",
            dependencies: [
                .product(name: "Sluice", package: "sluice"),
                .product(name: "SluiceAWS", package: "sluice"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "Consumer",
            dependencies: [
                .product(name: "Sluice", package: "sluice"),
                .product(name: "SluiceAWS", package: "sluice"),
                .product(name: "SluiceConsumer", package: "sluice"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
    ]
)
