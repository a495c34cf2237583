import ArgumentParser
import Sluice

/// `--zstd[=LEVEL]`: whether and how hard to compress.
package struct ZstdOption: ParsableArguments {
    @Option(
        name: .customLong("zstd"),
        help: ArgumentHelp("Compress with zstd; --zstd alone is --zstd=\(Self.usualLevel).", valueName: "level")
    )
    var level: Int?

    static let usualLevel = 3
    private static let levels = ZstdSink<DescriptorSink>.levels

    package init() {}

    package func validate() throws {
        if let level, !Self.levels.contains(level) {
            throw ValidationError("--zstd takes a level from \(Self.levels.lowerBound) to \(Self.levels.upperBound)")
        }
    }

    /// The arguments with the level spelled out where it is left out.
    ///
    /// The parser has options whose value may be missing, but takes whatever follows for the value: in `--zstd 7` a level,
    /// where a file of that name is meant.
    package static func spelledOut(_ arguments: some Sequence<String>) -> [String] {
        var isOver = false
        return arguments.map { argument in
            isOver = isOver || argument == "--"
            return argument == "--zstd" && !isOver ? "--zstd=\(usualLevel)" : argument
        }
    }
}
