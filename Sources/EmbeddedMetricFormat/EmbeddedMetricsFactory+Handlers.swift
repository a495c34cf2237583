public import CoreMetrics

/// What swift-metrics asks of a backend. A handler holds nothing but the key of its metric: what was recorded is in
/// the factory, so a handler can be made for each use, and nothing is lost when it goes.
extension EmbeddedMetricsFactory: MetricsFactory {
    /// Returns a counter, which writes its increments since the last flush.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(.counter, label, dimensions) ?? NOOPMetricsHandler.instance
    }

    /// Returns a counter of real numbers, which writes its increments since the last flush.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        handler(.floatingPointCounter, label, dimensions).map(RealCounter.init) ?? NOOPMetricsHandler.instance
    }

    /// Returns a meter, which writes its present value at every flush.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        handler(.gauge, label, dimensions) ?? NOOPMetricsHandler.instance
    }

    /// Returns a recorder, which writes every value, or without `aggregate` a gauge, which is a meter.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        handler(aggregate ? .recorder : .gauge, label, dimensions) ?? NOOPMetricsHandler.instance
    }

    /// Returns a timer, which writes every duration.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(.timer, label, dimensions) ?? NOOPMetricsHandler.instance
    }

    /// Does nothing: what was counted is still written by the next flush, and nothing is kept after it.
    public func destroyCounter(_ handler: any CounterHandler) {}

    /// Does nothing: what was counted is still written by the next flush, and nothing is kept after it.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}

    /// Does nothing: durations are still written by the next flush, and none is kept after it.
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// Forgets the meter's value, which outlives flushes.
    public func destroyMeter(_ handler: any MeterHandler) { (handler as? Handler)?.reset() }

    /// Forgets a gauge's value, which outlives flushes. Values of a recorder are still written by the next one.
    public func destroyRecorder(_ handler: any RecorderHandler) {
        if let handler = handler as? Handler, handler.key.kind == .gauge { handler.reset() }
    }

    private func handler(_ kind: Kind, _ label: String, _ dimensions: [(String, String)]) -> Handler? {
        key(kind, label, dimensions).map { Handler(self, $0) }
    }
}

/// The handler of one metric, of any kind but floating-point counters.
private final class Handler: Sendable {
    let factory: EmbeddedMetricsFactory
    let key: Key

    init(_ factory: EmbeddedMetricsFactory, _ key: Key) {
        self.factory = factory
        self.key = key
    }

    func reset() { factory.forget(key) }

    func add(_ amount: Number) {
        if !amount.isValid { return }
        factory.update(key) { values in
            let sum = (values.first ?? .integer(0)) + amount
            if sum.isValid { values = [sum] }
        }
    }

    func put(_ value: Number) {
        if !value.isValid { return }
        let isGauge = key.kind == .gauge
        factory.update(key) { values in
            if isGauge { values = [value] } else { values.append(value) }
        }
    }
}

extension Handler: CounterHandler {
    func increment(by amount: Int64) { add(.integer(amount)) }
}

extension Handler: MeterHandler {
    func set(_ value: Int64) { put(.integer(value)) }
    func set(_ value: Double) { put(.real(value)) }
    func increment(by amount: Double) { add(.real(amount)) }
    func decrement(by amount: Double) { add(.real(-amount)) }
}

extension Handler: RecorderHandler {
    func record(_ value: Int64) { put(.integer(value)) }
    func record(_ value: Double) { put(.real(value)) }
}

extension Handler: TimerHandler {
    func recordNanoseconds(_ duration: Int64) { put(.integer(max(0, duration))) }

    func preferDisplayUnit(_ unit: TimeUnit) {
        switch unit {
        case .nanoseconds, .microseconds: factory.prefer(.microseconds, for: key.name)
        case .milliseconds: factory.prefer(.milliseconds, for: key.name)
        default: factory.prefer(.seconds, for: key.name)
        }
    }
}

/// A floating-point counter. Its protocol has methods of the same names as that of counters.
private final class RealCounter: FloatingPointCounterHandler {
    private let handler: Handler

    init(_ handler: Handler) { self.handler = handler }

    func increment(by amount: Double) { handler.add(.real(amount)) }
    func reset() { handler.reset() }
}
