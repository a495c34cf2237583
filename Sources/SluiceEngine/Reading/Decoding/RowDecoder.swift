import SluiceCSV
import SluiceJSON

/// Decodes records, one at a time: the columns under the names that types ask for, and the rules of their values.
///
/// Types see it through containers, of which there is one for each object of a row and type of keys, the same for all records:
///
///     RowDecoder ── owns ─→ RowState ←─ refer to ── ObjectContainer<Order.CodingKeys>, in a KeyedDecodingContainer
///         └───────── keeps for the next record ───────────────────────────────────────────↑
@usableFromInline final class RowDecoder {
    // A decoder is used by one task at a time, and types that decode themselves see only its containers, which keep no access
    // to these while they call others.
    private let shape: RowShape
    private let row = RowReference.make()
    @exclusivity(unchecked) private var objects: [ObjectKeys] = []
    /// The rules of columns; empty if none has any.
    @exclusivity(unchecked) private(set) var rules: [ColumnRule] = []
    @exclusivity(unchecked) private var tables = KeyTables()
    /// The containers; each has the table with its number.
    @exclusivity(unchecked) private var containers: [AnyContainer] = []
    /// The records that are read, at the one that is decoded.
    @exclusivity(unchecked) private var run: RecordRun?
    private(set) var columns: CSVColumns?
    /// Where the columns are named, or the input's start.
    private(set) var header = RecordPosition.start
    /// JSON of a value; memory that is reused.
    var json: [UInt8] = []
    /// What a row's type decodes itself from.
    @usableFromInline let decoder: any Swift.Decoder

    init(_ shape: RowShape) {
        self.shape = shape
        decoder = ObjectDecoder(row: row, object: 0)
        row.state.pointee.decoder = Unmanaged.passUnretained(self)
        row.state.pointee.emptyIsNil = shape.schema == nil && shape.nullTexts == nil
    }

    deinit { row.end() }

    /// The record that is decoded.
    var record: CSVRecord? { run?.record }

    /// Whether an empty value is nil where no string is asked for.
    var emptyIsNil: Bool { row.state.pointee.emptyIsNil }
}

/// The records.
extension RowDecoder {
    /// Takes records that were read.
    func take(_ run: RecordRun, header: @autoclosure () -> RecordPosition) throws(SluiceError) {
        if columns == nil { try open(run.record.columns, header()) }
        self.run = run
    }

    /// Begins with the next record that was taken. Returns false if there is none; then the decoder refers to none any more, and
    /// the reader can read others into their memory.
    @inline(__always)
    func begin() -> Bool {
        guard run?.next() == true else {
            run = nil
            return false
        }
        row.state.pointee.base = run?.record.base
        row.state.pointee.ends = run?.record.ends
        row.state.pointee.count = run?.record.count ?? 0
        return true
    }

    /// Ends the record: containers can't be used until the next one begins.
    @usableFromInline
    func end() { row.state.pointee.count = 0 }

    /// Returns what is thrown to those who asked for a row whose type threw an error.
    @usableFromInline
    func thrown(_ error: any Error) -> any Error { (error as? CSVError).map { SluiceError.badData($0) } ?? error }

    /// Resolves the columns against what the options and the schema say of them.
    private func open(_ columns: CSVColumns, _ header: RecordPosition) throws(SluiceError) {
        let names = columns.names?.map { Array($0.utf8) }
        do throws(RowPlan.Misfit) {
            let plan = try RowPlan(shape, header: Header(names: names, width: columns.count), source: .init())
            objects = [ObjectKeys(prefix: "")]
            // Each comes after the one that it is in.
            for (number, object) in plan.objects.enumerated().dropFirst() {
                let name = String(decoding: object.name + shape.nestSeparator, as: UTF8.self)
                objects.append(ObjectKeys(prefix: objects[object.parent].prefix + name))
                objects[object.parent].add(object.name, .object(number))
            }
            for member in plan.members {
                guard case .column(let column) = member.source else { continue }
                objects[member.object].add(names == nil ? Array("\(column)".utf8) : member.name, .column(column))
            }
            rules = plan.rules.contains { $0 != ColumnRule() } ? plan.rules : []
        } catch {
            var found = CSVError(error.code, offset: header.offset, line: header.line, record: header.number)
            (found.field, found.detail) = (error.field, error.detail)
            if error.code != .headerMismatch { found.column = String(decoding: error.name, as: UTF8.self) }
            throw .badData(found)
        }
        (self.columns, self.header) = (columns, header)
    }
}

/// The containers and their keys.
extension RowDecoder {
    /// A container of any kind of keys.
    private class AnyContainer {
        let object: Int
        let keys: ObjectIdentifier

        init(object: Int, keys: ObjectIdentifier) { (self.object, self.keys) = (object, keys) }
    }

    private final class Container<Key: CodingKey>: AnyContainer {
        let container: KeyedDecodingContainer<Key>

        init(_ container: ObjectContainer<Key>, of object: Int) {
            self.container = KeyedDecodingContainer(container)
            super.init(object: object, keys: ObjectIdentifier(Key.self))
        }
    }

    /// Returns an object's container for a type of keys.
    func container<Key: CodingKey>(of object: Int) -> KeyedDecodingContainer<Key> {
        objects[object].rewind()
        for known in containers where known.object == object && known.keys == ObjectIdentifier(Key.self) {
            // It is of the type, since it has its identifier.
            return unsafe unsafeDowncast(known, to: Container<Key>.self).container
        }
        let table = containers.count
        tables.add()
        row.state.pointee.columns = tables.base
        let container = ObjectContainer<Key>(row: row, table: KeyTables.hold(Key.self) ? table : ~table)
        let made = Container(container, of: object)
        containers.append(made)
        return made.container
    }

    /// The object of a container.
    func object(ofTable table: Int) -> Int { containers[table].object }

    /// Returns where a key of an object leads to, or nil if there is no such column.
    func find(_ name: String, in object: Int) -> ObjectKeys.Place? { objects[object].find(name) }

    /// What stands before an object's keys in the names of its columns.
    func prefix(of object: Int) -> String { objects.isEmpty ? "" : objects[object].prefix }

    /// The keys of an object, in order.
    func keys(of object: Int) -> [String] { Array(objects[object].places.keys) }
}
