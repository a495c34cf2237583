import SluiceAWS
import SluiceCLI
import SluiceEngine

/// Sends the objects of a selection, one after the other: `sluice send --recursive`.
///
///     the rest of the object of the checkpoint → the next page of the listing → each of its objects → the next page …
///
/// An object that is invalid, gone or archived is reported, and the next one is sent; any other error ends the run. Objects are taken
/// in the order of their keys, so one key states which are done. An object that comes later under an earlier key is not seen.
struct ObjectSender<Sink: MessageSink> {
    let selection: ObjectSelection
    let converter: CSVConverter
    let reporter: Reporter
    let progress: SendProgress
    /// Whether each object is read once before any of its messages is sent.
    let validatesFirst: Bool
    var sink: Sink

    /// - Parameter start: Where the run continues.
    mutating func run(from start: CheckpointFile.Progress?) throws(Failure) {
        var done = start?.done ?? CheckpointFile.DoneObjects()
        if let tally = start?.checkpoint?.tally, tally.rejectedRows > 0 { done.haveRejects = true }
        (progress.done, reporter.objects) = (done, done)
        reporter.continuesAfterRejects = done.haveRejects
        if let checkpoint = start?.checkpoint { try finish(checkpoint) }
        var listing = S3Listing(
            of: selection.bucket,
            prefix: selection.prefix,
            after: progress.done?.lastKey,
            Network.s3
        )
        while let page = try listing.nextPage(of: selection.address) {
            for object in page where selection.contains(object.location.key, modified: object.modified) {
                try send(object.location, from: nil)
            }
        }
        if progress.done?.count == 0 { throw selection.nothing }
        try Failure.naming(selection.address) { () throws(SluiceError) in try progress.endObjects() }
    }

    /// Sends the rest of the object that a run was sending when it ended. If the object has been overwritten since, that is reported,
    /// and what it is now is sent from its start.
    private mutating func finish(_ checkpoint: Checkpoint) throws(Failure) {
        guard let name = SourceName(checkpoint.source).object, let location = S3Location(name) else {
            throw Failure(
                .unusable("the checkpoint is not for an object; to start over, remove it"),
                input: checkpoint.source
            )
        }
        let source = converter.pinnedSource(of: name)?.whole
        if let source, source != checkpoint.source {
            let reason =
                "it was overwritten while it was sent; its messages with the source \(checkpoint.source) are incomplete: discard them"
            reporter.report(Failure(.unusable(reason), input: name))
        }
        try send(location, from: source == checkpoint.source ? checkpoint : nil)
    }

    private mutating func send(_ location: S3Location, from checkpoint: Checkpoint?) throws(Failure) {
        let name = S3Inputs.name(of: location)
        var failure: Failure?
        do throws(Failure) {
            if validatesFirst { try converter.validate([name]) }
            try converter.pack([name], sources: [], from: checkpoint, to: &sink)
        } catch {
            guard error.error.concernsOnlyInput(name) else { throw error }
            failure = error
        }
        if let failure { reporter.report(failure) }
        let hasRejects = converter.meter.map { $0.rejected > 0 } ?? false
        try Failure.naming(name) { () throws(SluiceError) in
            try progress.end(location.key, failed: failure != nil, hasRejects: hasRejects)
        }
        reporter.objects = progress.done
    }
}

extension S3Listing {
    /// Returns the next page; nil after the last one. `address` names the listing in errors.
    mutating func nextPage(of address: String) throws(Failure) -> [S3ListedObject]? {
        let listing = self
        let (next, page) = try Failure.naming(address) { () throws(SluiceError) in
            try Blocking.waitUnlessInterrupted(about: address) { () async throws(AWSError) in
                var next = listing
                let page = try await next.next()
                return (next, page)
            }
        }
        self = next
        return page
    }
}

extension SluiceError {
    /// Whether another object may be converted after this error about `input`.
    fileprivate func concernsOnlyInput(_ input: String) -> Bool {
        switch self {
        case .badData, .unusable, .overLimit, .inputChanged: true
        // An object in an archive must be restored before it can be read.
        case .service(let fault):
            fault.resource == input
                && ([.notFound, .changed].contains(fault.kind) || fault.code == "InvalidObjectState")
        default: false
        }
    }
}
