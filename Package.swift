// swift-tools-version: 6.2
import PackageDescription

// Layers. Each depends only on those to its left; Architecture.md describes them.
//
//     CSluiceKernels → SluiceCSV → SluiceJSON → SluiceEngine → Sluice (the library's door)
//                                               SluiceEngine → SluiceCLI → sluice (the command)
//                                               SluiceEngine → SluiceAWS, SluiceCLI → sluice-aws (the command for S3 and SQS)
//                                               SluiceEngine → SluiceAWS → SluiceConsumer (a service, for the library's users)
//                                               SluiceEngine → SluicePipeline, SluiceAWS → sluice-lambda (the function)
//     EmbeddedMetricFormat (a backend for swift-metrics; knows nothing of the others) → SluicePipeline
//
// All dependencies are behind traits, and no trait is enabled by default. So a package that uses the library, which needs no
// dependency, resolves none. tools/build enables the trait Programs alone, which is enough for everything here: SwiftPM 6.3
// passes the flags of several traits in random order, and each build would compile everything again.
//
// SLUICE_CORE_ONLY=1 leaves only the library, its tests and what the fuzzer needs: builds with sanitizers are slow.
let isCoreOnly = Context.environment["SLUICE_CORE_ONLY"] == "1"
// SLUICE_ENGINE_ONLY=1 omits everything that needs an HTTP client, which takes minutes to build. It enables the trait that the
// rest needs.
let isEngineOnly = isCoreOnly || Context.environment["SLUICE_ENGINE_ONLY"] == "1"
// SLUICE_STATIC=1, with --static-swift-stdlib, links the command statically. Otherwise a third of its start time goes
// into loading libraries and resolving symbols. The other programs can't be static: they look up host names, for which
// the C library loads further libraries.
let isStatic = Context.environment["SLUICE_STATIC"] == "1"
// SLUICE_FUZZ=1 adds the fuzzer's targets; see tools/fuzz.
let isFuzzed = Context.environment["SLUICE_FUZZ"] == "1"
// SLUICE_DOCUMENTS=NAME,... adds programs of documents and of tools/examples/lambda, which is a package of its own for its readers;
// see Tests/library_docs.py.
let documents = Context.environment["SLUICE_DOCUMENTS"]?.split(separator: ",").map(String.init)

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A product of another package, which is resolved only if one of the traits is enabled.
func product(_ name: String, _ package: String, _ traits: Set<String>) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: traits))
}

let arguments = product("ArgumentParser", "swift-argument-parser", ["Programs"])
let logging = product("Logging", "swift-log", ["AWS", "Programs"])
let metrics = product("CoreMetrics", "swift-metrics", ["Metrics", "Programs"])
let tracing = product("Tracing", "swift-distributed-tracing", ["AWS", "Programs"])
let tracer = product("InMemoryTracing", "swift-distributed-tracing", ["Programs"])
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle", ["AWS", "Programs"])
let http = [
    product("AsyncHTTPClient", "async-http-client", ["AWS", "Programs"]),
    product("NIOCore", "swift-nio", ["AWS", "Programs"]),
    product("NIOHTTP1", "swift-nio", ["AWS", "Programs"]),
]
let tls = product("NIOSSL", "swift-nio-ssl", ["AWS", "Programs"])

/// Modules that work on raw memory: every unsafe expression is marked, and justified where it stands.
func strict(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + [.strictMemorySafety()])
}

func library(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// Test code and tables of cases are compiled without optimization, in a third of the time. The modules under test, and
/// the reference code that they are compared with, are compiled as users get them.
let unoptimized = settings + [.unsafeFlags(["-Onone"])]

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: unoptimized)
}

/// Vector instructions without optimization are slower than loops over bytes. So a debug build optimizes them too: that of a
/// package that depends on the library, too. SwiftPM allows such flags in dependencies whose tools version is 6.2 or later.
let optimized: [CSetting] = [.unsafeFlags(["-O2"], .when(configuration: .debug))]

let core: [Target] = [
    .target(name: "CSluiceKernels", cSettings: optimized),
    .target(name: "CSluicePlatform"),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    library("SluicePlatform", ["CSluicePlatform"]),
    strict("SluiceCSV", ["CSluiceKernels", "SluicePlatform"]),
    strict("SluiceJSON", ["CPCRE2", "CSluiceKernels", "SluiceCSV", "SluicePlatform"]),
    library("SluiceEngine", ["CSluiceKernels", "CZlib", "CZstd", "SluiceCSV", "SluiceJSON", "SluicePlatform"]),
    library("Sluice", ["SluiceCSV", "SluiceEngine"]),
    library("SluiceFoundation", ["SluiceEngine", "SluiceJSON"]),
    library(
        "SluiceTesting",
        ["CZlib", "CZstd", "SluiceCSV", "SluiceEngine", "SluiceJSON", "SluicePlatform"],
        path: "Tests/SluiceTesting"
    ),
    .target(
        name: "SluiceCases",
        dependencies: ["SluiceCSV", "SluiceJSON"],
        path: "Tests/SluiceCases",
        swiftSettings: unoptimized
    ),
    tests(
        "SluiceCSVTests",
        ["CSluiceKernels", "SluiceCSV", "SluiceCases", "SluicePlatform", "SluiceTesting"]
    ),
    tests(
        "SluiceEngineTests",
        [
            "CSluiceKernels", "CZlib", "CZstd", "Sluice", "SluiceCSV", "SluiceCases", "SluiceEngine",
            "SluiceFoundation", "SluiceJSON", "SluicePlatform", "SluiceTesting",
        ]
    ),
]

let pipeline: [Target] = [
    library("EmbeddedMetricFormat", [metrics]),
    library("SluiceTracing", [tracing]),
    library(
        "SluicePipeline",
        [
            "EmbeddedMetricFormat", "SluiceCSV", "SluiceEngine", "SluiceJSON", "SluicePlatform", "SluiceTracing",
            logging,
            metrics, tracing,
        ]
    ),
]

let commands: [Target] =
    pipeline + [
        library("SluiceCLI", ["Sluice", "SluiceCSV", "SluiceEngine", "SluiceJSON", "SluicePlatform", arguments]),
        .executableTarget(
            name: "SluiceCommand",
            dependencies: ["SluiceCLI", "SluicePlatform", arguments],
            swiftSettings: settings,
            linkerSettings: isStatic ? [.unsafeFlags(["-static-executable"], .when(platforms: [.linux]))] : []
        ),
        library(
            "SluiceSimulation",
            ["SluiceCSV", "SluiceEngine", "SluicePipeline", "SluiceJSON", "SluiceTesting", logging],
            path: "Tests/SluiceSimulation"
        ),
        tests("EmbeddedMetricFormatTests", ["EmbeddedMetricFormat", "SluiceJSON", metrics]),
        program("Simulate", ["SluiceSimulation", "SluicePlatform"], path: "Tests/Simulate"),
        tests(
            "SluicePipelineTests",
            [
                "Sluice", "SluiceEngine", "SluicePipeline", "SluiceJSON", "SluiceSimulation", "SluicePlatform",
                "SluiceTracing", logging, tracer, tracing,
            ]
        ),
    ]

let aws: [Target] = [
    .target(name: "COldGlibc"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    library("SluiceNIO", ["SluiceEngine", product("NIOCore", "swift-nio", ["NIO", "AWS", "Programs"])]),
    library(
        "SluiceAWS",
        [
            "CCrypto", "SluiceCSV", "SluiceEngine", "SluiceJSON", "SluiceNIO", "SluicePlatform", "SluiceTracing",
            logging,
            tls,
            tracing,
        ] + http
    ),
    library("SluiceConsumer", ["SluiceAWS", "SluiceEngine", "SluicePlatform", lifecycle, logging]),
    program(
        "SluiceAWSCommand",
        [
            "SluiceAWS", "SluiceCLI", "SluiceCSV", "SluiceEngine", "SluiceJSON", "SluicePipeline", "SluicePlatform",
            arguments,
        ] + http
    ),
    program(
        "SluiceLambda",
        [
            "COldGlibc", "SluiceAWS", "SluiceEngine", "SluicePipeline", "SluicePlatform", logging,
            product("NIOPosix", "swift-nio", ["AWS", "Programs"]),
        ] + http
    ),
    // The example of a consumer. tools/package-lambda packs it.
    program("ConsumerFunction", ["COldGlibc", "Sluice", "SluiceAWS"] + http, path: "tools/examples/consumer/Sources"),
    program("AWSProbe", ["SluiceAWS", "SluiceJSON", "SluicePlatform"], path: "Tests/AWSProbe"),
    tests(
        "SluiceAWSTests",
        [
            "Sluice", "SluiceAWS", "SluiceConsumer", "SluiceCSV", "SluiceEngine", "SluicePlatform",
            lifecycle, logging, tracer, tracing,
        ] + http
    ),
]

let package = Package(
    name: "sluice",
    // The first with `Mutex` and `Atomic`.
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Sluice", targets: ["Sluice"]),
        .library(name: "SluiceCSV", targets: ["SluiceCSV"]),
        // `Data` as an input, and Foundation's types in decoded ones, for those who use Foundation anyway.
        .library(name: "SluiceFoundation", targets: ["SluiceFoundation"]),
        // For Benchmarks only. The underscore marks it as not public.
        .library(name: "_CSluiceKernels", targets: ["CSluiceKernels"]),
    ],
    traits: [
        .trait(name: "AWS", description: "The products SluiceAWS and SluiceConsumer: S3 and SQS, on AsyncHTTPClient."),
        .trait(name: "NIO", description: "The product SluiceNIO: ByteBuffer as an input. AWS includes it."),
        .trait(name: "Metrics", description: "The product EmbeddedMetricFormat: a backend for swift-metrics."),
        .trait(name: "Programs", description: "All programs, the products and their tests."),
        .default(enabledTraits: isEngineOnly ? ["Programs"] : []),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2")
    ],
    targets: core
)

if !isCoreOnly {
    package.products += [
        .executable(name: "sluice", targets: ["SluiceCommand"]),
        .library(name: "EmbeddedMetricFormat", targets: ["EmbeddedMetricFormat"]),
    ]
    package.dependencies.append(.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"))
    package.targets += commands
} else if isFuzzed {
    package.targets += pipeline
}

if !isCoreOnly || isFuzzed {
    package.dependencies += [
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    ]
}

if isFuzzed {
    // A product, so that the build writes a list of the object files that the fuzzer links.
    package.products.append(.library(name: "SluiceFuzz", type: .static, targets: ["SluiceFuzz"]))
    package.targets.append(
        library(
            "SluiceFuzz",
            ["CZstd", "SluiceCSV", "SluiceEngine", "SluicePipeline", "SluiceJSON", "SluicePlatform", "SluiceTesting"],
            path: "Tests/fuzz/engine"
        )
    )
}

if let documents {
    func documented(_ name: String, _ folder: String) -> Target {
        .executableTarget(
            name: name,
            dependencies: ["Sluice", "SluiceAWS", "SluiceConsumer", "SluiceNIO", lifecycle, logging] + http,
            path: "\(folder)/Sources/\(name)",
            // None of this package's own: its readers have the defaults.
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    }
    package.targets += ["Function", "Consumer"].map { documented($0, "tools/examples/lambda") }
    package.targets += documents.map { documented($0, ".build/library-docs") }
}

if !isEngineOnly {
    package.products += [
        .library(name: "SluiceAWS", targets: ["SluiceAWS"]),
        // Not part of SluiceAWS: what swift-service-lifecycle links would make the function 0.7 MiB larger.
        .library(name: "SluiceConsumer", targets: ["SluiceConsumer"]),
        // Lets SwiftNIO's `ByteBuffer` be an input.
        .library(name: "SluiceNIO", targets: ["SluiceNIO"]),
        .executable(name: "sluice-aws", targets: ["SluiceAWSCommand"]),
        .executable(name: "sluice-lambda", targets: ["SluiceLambda"]),
    ]
    package.dependencies += [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ]
    package.targets += aws
}
