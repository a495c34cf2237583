import Tracing

/// Runs an operation in a span, if a tracer is set: by `InstrumentationSystem.bootstrap(tracer)`, or for a task by
/// `withTracer(tracer) { … }`. Spans of what the operation does, also in tasks that it starts, are children of this one.
///
/// Without a tracer this costs a look at a task-local value and at the global instrument: no name is composed, no attribute
/// computed, no clock read. It is for what takes at least a request's time.
///
/// - Parameters:
///   - context: what the span is a child of; nil for the task's present span.
///   - describe: sets the span's attributes.
package nonisolated(nonsending) func traced<Value, Failure: Error>(
    _ name: @autoclosure () -> String,
    ofKind kind: SpanKind = .internal,
    context: @autoclosure () -> ServiceContext? = nil,
    attributes describe: (inout SpanAttributes) -> Void = { _ in },
    _ operation: nonisolated(nonsending) () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    guard isTraced else { return try await operation() }
    let parent = context() ?? .current ?? .topLevel
    let span = InstrumentationSystem.tracer.startSpan(name(), context: parent, ofKind: kind)
    span.updateAttributes(describe)
    defer { span.end() }
    // `withValue` knows no typed errors.
    let result = await ServiceContext.$current.withValue(span.context) { () async -> Result<Value, Failure> in
        do throws(Failure) { return .success(try await operation()) } catch { return .failure(error) }
    }
    if case .failure(let error) = result {
        span.recordError(error)
        span.setStatus(SpanStatus(code: .error, message: "\(error)"))
    }
    return try result.get()
}

/// Whether a tracer, or another instrument, is set.
package var isTraced: Bool { !(InstrumentationSystem.instrument is NoOpInstrument) }

/// Spans of steps that follow each other in a loop, where a closure for each is impractical.
package struct StepSpan: ~Copyable {
    private let name: String
    private var span: (any Span)?

    package init(_ name: String) { self.name = name }

    deinit { span?.end() }

    /// Ends the present step and begins the next.
    package mutating func begin(_ describe: (inout SpanAttributes) -> Void) {
        end()
        guard isTraced else { return }
        let span = InstrumentationSystem.tracer.startSpan(name)
        span.updateAttributes(describe)
        self.span = span
    }

    package mutating func end() {
        span?.end()
        span = nil
    }
}
