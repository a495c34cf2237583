import Logging
import SluiceEngine

/// Reading schemas.
extension Handler {
    /// Reads the schemas that the variables name, so that an invalid one is reported when the function starts. One that
    /// cannot be read at the moment is left to the invocations that need it.
    package func readSchemas(logger: Logger) async throws(FunctionError) {
        let entries = configuration.schemas.entries
        let deadline = services.clock.now + Self.startLimit
        let faults: [String?]
        do {
            faults = try await concurrently(entries.count) { number in
                guard let reference = entries[number].reference else { return nil }
                return await self.fault(in: reference, by: deadline, logger).map {
                    "\(entries[number].variable): \($0)"
                }
            }
        } catch {
            throw FunctionError(error)
        }
        let found = faults.compactMap(\.self)
        if !found.isEmpty { throw FunctionError(.configuration, found.joined(separator: "; ")) }
    }

    /// Returns what is wrong with a schema, or nil if nothing is, or it cannot be read at the moment.
    private func fault(
        in reference: SchemaReference,
        by deadline: ContinuousClock.Instant,
        _ logger: Logger
    ) async -> String? {
        do {
            _ = try await services.clock.limit(until: deadline) { try await self.read(reference) }
            return nil
        } catch let error as FunctionError where error.kind == .schema {
            return error.message
        } catch {
            logger.warning("a schema cannot be read", metadata: ["schema": "\(reference)", "reason": "\(error)"])
            return nil
        }
    }

    /// The time that schemas may take at the start; AWS Lambda ends the process after ten seconds.
    private static var startLimit: Duration { .seconds(5) }

    /// Returns a schema with its converter.
    ///
    /// - Throws: `Sluice.Schema` if there is no such schema, or it is invalid; what the services throw.
    func read(_ reference: SchemaReference) async throws -> SchemaCache.Loaded {
        if let found = schemas[reference] { return found }
        let bytes = try await bytes(of: reference)
        let converter: CSVConverter
        do throws(SchemaFault) { converter = try configuration.converter(bytes) } catch {
            throw FunctionError(.schema, "\(reference): \(error)")
        }
        let schema = PinnedSchema(reference, bytes: bytes)
        let loaded = SchemaCache.Loaded(schema: schema, converter: converter, size: bytes.count)
        schemas.add(loaded)
        return loaded
    }

    private func bytes(of reference: SchemaReference) async throws -> [UInt8] {
        switch reference {
        case .inline(let text): return Array(text.utf8)
        case .object(let object):
            do {
                return try await services.read(object, limit: SchemaReference.objectLimit)
            } catch let fault as ServiceFault where [.notFound, .refused].contains(fault.kind) {
                throw FunctionError(.schema, "\(reference): \(fault.message)")
            }
        }
    }
}

/// Objects and their schemas.
extension Handler {
    /// Returns the work on an object with the schema that the function has for its key at present.
    func newWork(on object: PinnedObject) async throws -> ObjectWork {
        guard let reference = configuration.schemas.reference(for: object.reference.key) else {
            return work(on: object, with: nil)
        }
        return work(on: object, with: try await read(reference))
    }

    /// Returns the work on an object that another invocation began with that schema.
    func work(on object: PinnedObject, begunWith schema: PinnedSchema?) async throws -> ObjectWork {
        guard let schema else { return work(on: object, with: nil) }
        do {
            let loaded = try await read(schema.reference)
            // A version of an object never changes, so the note or the plan is not what the function wrote.
            guard loaded.schema == schema else {
                throw FunctionError(.schema, "\(schema.reference): its SHA-256 is not \(schema.digest)")
            }
            return work(on: object, with: loaded)
        } catch let error as FunctionError where error.kind == .schema {
            throw FunctionError(
                .schema,
                "the conversion of \(object.source) began with a schema that cannot be used now: \(error.message)"
            )
        }
    }

    /// Returns the work on an object with the schema that a note states for all who work on it.
    func reservedWork(on object: PinnedObject, _ context: InvocationContext) async throws -> ObjectWork {
        var work = try await newWork(on: object)
        let reservation = try await reserve(work, context)
        if reservation.schema != work.schema { work = try await self.work(on: object, begunWith: reservation.schema) }
        work.event = reservation.event
        return work
    }

    /// See ``Lease/reserve(_:by:)``.
    func reserve(_ work: ObjectWork, _ context: InvocationContext) async throws -> Lease.Reservation {
        try await Lease.reserve(work, by: holder(try requiredNotes(), context))
    }

    private func work(on object: PinnedObject, with loaded: SchemaCache.Loaded?) -> ObjectWork {
        ObjectWork(
            object: object,
            schema: loaded?.schema,
            converter: loaded?.converter ?? configuration.plainConverter,
            id: configuration.plainConverter.identity(object.sourceName).digest
        )
    }
}
