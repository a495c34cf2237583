/// Does some work with an output and ends the output afterwards, however the work ended; with `isLast` false, because more is
/// to come if the work succeeds, only if it fails.
///
/// If both fail, the error holds both: why the work ended, and what the output did not deliver.
func ending<Output, Result>(
    _ output: inout Output,
    isLast: Bool = true,
    by finish: (inout Output) throws(SluiceError) -> Void,
    after work: (inout Output) throws(SluiceError) -> Result
) throws(SluiceError) -> Result {
    let result: Result
    do throws(SluiceError) {
        result = try work(&output)
    } catch {
        let cause = error
        do throws(SluiceError) { try finish(&output) } catch { throw .undelivered(cause: cause, loss: error) }
        throw cause
    }
    if isLast { try finish(&output) }
    return result
}

/// The same for a sink of messages.
func ending<Sink: MessageSink, Result>(
    _ sink: inout Sink,
    after work: (inout Sink) throws(SluiceError) -> Result
) throws(SluiceError) -> Result {
    try ending(&sink, by: { (sink) throws(SluiceError) in try sink.finish() }, after: work)
}
