import Tracing

extension Invocation {
    /// The span of the caller, as far as the tracer understands the platform's trace id: that of AWS X-Ray.
    var callerContext: ServiceContext {
        var context = ServiceContext.topLevel
        InstrumentationSystem.instrument.extract(traceID, into: &context, using: TraceHeader())
        return context
    }
}

/// Presents the trace id as the header that it has in a request.
private struct TraceHeader: Extractor {
    func extract(key: String, from traceID: String?) -> String? {
        key.lowercased() == "x-amzn-trace-id" ? traceID : nil
    }
}
