import SluiceCSV

/// The bytes that were read from a source already, followed by the rest of it.
struct PrefixedSource: ByteSource {
    private var prefix: ArraySlice<UInt8>
    private var source: any ByteSource

    init(_ prefix: [UInt8], then source: any ByteSource) {
        self.prefix = prefix[...]
        self.source = source
    }

    mutating func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        if prefix.isEmpty { return try source.read(into: memory) }
        let count = min(prefix.count, memory.count)
        memory.copyBytes(from: prefix.prefix(count))
        prefix = prefix.dropFirst(count)
        return count
    }

    var isDamaged: Bool { source.isDamaged }
    var file: OpenedFile? { source.file }
    var fault: CSVError? { source.fault }
}
