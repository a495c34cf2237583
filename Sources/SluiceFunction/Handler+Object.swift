import Logging
import Sluice

/// What became of an object.
struct ObjectResult: Sendable {
    let source: String
    let rows: UInt64
    let rejectedRows: UInt64
    /// Why it is no CSV, if it is not.
    var fault: CSVError?
}

/// From one object to messages.
extension Handler {
    /// Streams an object through the engine into the queue.
    func convert(_ object: ObjectReference, _ work: Work) async throws -> ObjectResult {
        let pinned: ObjectDescription
        do { pinned = try await store(work).describe(object) } catch { throw FunctionError(error, about: object) }
        var object = object
        object.versionID = pinned.versionID ?? object.versionID
        let (meter, delivered) = (work.metrics.meter, work.metrics.delivered)
        let (rows, rejected, bytes) = (meter.rows, meter.rejected, delivered.bytes)
        let queue = services.queue(configuration.queueURL, meter: delivered)

        let fault = try await pack(object, pinned, into: queue, work)
        try await queue.flush()
        let result = ObjectResult(
            source: object.source,
            rows: meter.rows - rows,
            rejectedRows: meter.rejected - rejected,
            fault: fault?.error
        )
        if let fault { try await report(fault, of: object, pinned, work) }
        work.logger.info(
            fault == nil ? "converted" : "converted up to the fault",
            metadata: [
                "source": "\(result.source)", "rows": "\(result.rows)", "rejectedRows": "\(result.rejectedRows)",
                "bytesIn": "\(pinned.size)", "bytesOut": "\(delivered.bytes - bytes)",
            ]
        )
        return result
    }

    private func store(_ work: Work) -> Services.Store { services.store(meter: work.metrics.delivered) }

    /// Returns what is wrong with the object if it is no CSV; all messages before that have been handed over, and one
    /// that says so.
    private func pack(
        _ object: ObjectReference,
        _ pinned: ObjectDescription,
        into queue: any MessageQueue,
        _ work: Work
    ) async throws -> Fault? {
        let content = ObjectContent(store(work), object, pinned)
        var sluice = Sluice(dialect: configuration.dialect, limits: configuration.format)
        sluice.meter = work.metrics.meter
        var end: UInt64 = 0
        do {
            let messages = sluice.messages(from: content, source: object.source, version: pinned.version(of: object))
            for try await message in messages {
                end = message.range.upperBound
                try await queue.send(message)
            }
            return nil
        } catch SluiceError.badData(let error) {
            // The last message, which says that the object is at fault, covers the input up to the record.
            return Fault(error: error, recordStart: min(end, error.offset))
        }
    }

    /// Tells of an object that is no CSV: to the log, and to the error queue if there is one.
    private func report(
        _ fault: Fault,
        of object: ObjectReference,
        _ pinned: ObjectDescription,
        _ work: Work
    ) async throws {
        let report = FaultReport(
            fault: fault,
            source: object.source,
            version: pinned.version(of: object),
            requestID: work.requestID,
            excerpt: await excerpt(from: fault.recordStart, of: object, pinned, work)
        )
        work.logger.error("bad data", metadata: report.metadata)
        guard let url = configuration.errorQueueURL else { return }
        try await services.send(report: Array(report.json.utf8), to: url)
    }

    /// The first bytes of the record at fault. A report without them is better than none, so failing is no failure.
    private func excerpt(
        from start: UInt64,
        of object: ObjectReference,
        _ pinned: ObjectDescription,
        _ work: Work
    ) async -> [UInt8]? {
        let range = start..<min(start + UInt64(FaultReport.excerptSize), pinned.size)
        if range.isEmpty { return nil }
        do {
            var bytes: [UInt8] = []
            for try await chunk in try await store(work).read(object, pinned: pinned, range: range) {
                chunk.withUnsafeBytes { bytes += $0.prefix(range.count - bytes.count) }
                if bytes.count == range.count { break }
            }
            return bytes
        } catch {
            work.logger.warning("the record at fault could not be read again", metadata: ["reason": "\(error)"])
            return nil
        }
    }
}
