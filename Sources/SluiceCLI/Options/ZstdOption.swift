import ArgumentParser
import SluiceEngine

/// `--zstd[=LEVEL]`: whether to compress, and at which level.
package struct ZstdOption: ParsableArguments {
    @Option(
        name: .customLong("zstd"),
        help: ArgumentHelp("Compress with zstd; --zstd alone is --zstd=\(Self.usualLevel).", valueName: "level"),
        // The level follows `=`; what follows `--zstd` and a space is an input.
        completion: .file()
    )
    var level: Int?

    static let usualLevel = ZstdCompressor.usualLevel
    private static let levels = ZstdCompressor.levels

    package init() {}

    package func validate() throws {
        if let level, !Self.levels.contains(level) {
            throw ValidationError("--zstd takes a level from \(Self.levels.lowerBound) to \(Self.levels.upperBound)")
        }
    }
}
