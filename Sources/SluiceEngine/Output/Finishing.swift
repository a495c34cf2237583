/// Runs `work` with an output and then ends the output, however the work ended. With `isLast` false, because more is to
/// come after successful work, ends it only if the work failed.
///
/// If both fail, the error holds both: why the work ended, and what the output did not deliver.
package func finishing<Output, Result>(
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

/// Runs `work` with a sink of messages and then ends the sink, however the work ended.
package func finishing<Sink: MessageSink, Result>(
    _ sink: inout Sink,
    after work: (inout Sink) throws(SluiceError) -> Result
) throws(SluiceError) -> Result {
    try finishing(&sink, by: { (sink) throws(SluiceError) in try sink.finish() }, after: work)
}
