import SluiceEngine
import Synchronization

/// The schemas that this process has read, with their converters. A version of an object never changes, so none is read twice.
final class SchemaCache: Sendable {
    /// A schema that can be used.
    struct Loaded: Sendable {
        let schema: PinnedSchema
        let converter: CSVConverter
        /// The size of its text.
        let size: Int
    }

    /// The most bytes of all texts together. A process sees few schemas: those of its variables, and those of objects that
    /// work began on before the variables changed.
    private static let limit = 64 << 20

    private let loaded = Mutex<[SchemaReference: Loaded]>([:])

    subscript(reference: SchemaReference) -> Loaded? { loaded.withLock { $0[reference] } }

    func add(_ new: Loaded) {
        loaded.withLock { loaded in
            if loaded.values.reduce(new.size, { $0 + $1.size }) > Self.limit { loaded = [:] }
            loaded[new.schema.reference] = new
        }
    }
}
