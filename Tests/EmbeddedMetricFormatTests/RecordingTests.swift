import CoreMetrics
import EmbeddedMetricFormat
import SluiceJSON
import Testing

@Suite struct `What is recorded` {
    private let written = Written()

    /// Flushes, and returns what was written of a metric since the last call, one array for each document that has it.
    private func flush(_ factory: EmbeddedMetricsFactory, _ name: String, from: Int = 0) throws -> [[Double]] {
        factory.flush()
        return try written.documents[from...].compactMap { $0[name]?.doubles }
    }

    @Test func `is written once`() throws {
        let factory = written.factory()
        let counter = Counter(label: "a", factory: factory)
        counter.increment(by: 2)
        #expect(try flush(factory, "a") == [[2]])
        #expect(try flush(factory, "a") == [[2]])
        counter.increment(by: 5)
        #expect(try flush(factory, "a", from: 1) == [[5]])
    }

    @Test func `is added up for counters, also by several of the same name and dimensions`() throws {
        let factory = written.factory()
        for value in ["1", "2"] {
            for _ in 0..<3 { Counter(label: "a", dimensions: [("d", value)], factory: factory).increment() }
            FloatingPointCounter(label: "b", dimensions: [("d", value)], factory: factory).increment(by: 0.25)
            FloatingPointCounter(label: "b", dimensions: [("d", value)], factory: factory).increment(by: 0.5)
        }
        #expect(try flush(factory, "a") == [[3], [3]])
        #expect(try flush(factory, "b") == [[0.75], [0.75]])
    }

    @Test func `is written for a counter that was incremented by nothing`() throws {
        let factory = written.factory()
        Counter(label: "a", factory: factory).increment(by: 0)
        #expect(try flush(factory, "a") == [[0]])
    }

    @Test func `is forgotten when a counter is reset, but not when it is destroyed`() throws {
        let factory = written.factory()
        let (first, second) = (Counter(label: "a", factory: factory), Counter(label: "b", factory: factory))
        first.increment()
        first.reset()
        second.increment()
        second.destroy()
        #expect(try flush(factory, "a") == [] && flush(factory, "b") == [[1]])
    }

    @Test func `is the present value of meters and gauges, at every flush until they are destroyed`() throws {
        let factory = written.factory()
        let (meter, gauge) = (Meter(label: "m", factory: factory), Gauge(label: "g", factory: factory))
        meter.set(7)
        meter.increment(by: 2)
        meter.decrement(by: 1.5)
        gauge.record(1)
        gauge.record(3)
        #expect(try flush(factory, "m") == [[7.5]])
        #expect(try flush(factory, "g") == [[3], [3]])
        meter.destroy()
        gauge.destroy()
        #expect(try flush(factory, "m") == [[7.5], [7.5]])
    }

    @Test func `is every value of recorders and timers`() throws {
        let factory = written.factory()
        let (recorder, timer) = (Recorder(label: "r", factory: factory), Timer(label: "t", factory: factory))
        for value in [3, 1, 3] {
            recorder.record(value)
            timer.recordMilliseconds(value)
        }
        timer.recordNanoseconds(-1)
        #expect(try flush(factory, "r") == [[3, 1, 3]])
        #expect(try flush(factory, "t") == [[3, 1, 3, 0]])
    }

    @Test func `is written at a hundred values, without a flush`() throws {
        let factory = written.factory()
        let recorder = Recorder(label: "r", factory: factory)
        for value in 0..<250 { recorder.record(value) }
        #expect(written.lines.count == 2)
        #expect(try flush(factory, "r").flatMap { $0 } == (0..<250).map { Double($0) })
        #expect(written.lines.count == 3)
    }

    @Test func `is no number that CloudWatch does not take`() throws {
        let factory = written.factory()
        let recorder = Recorder(label: "r", factory: factory)
        for value in [Double.nan, .infinity, -.infinity, 0x1p361, 1e100, -0.5] { recorder.record(value) }
        let counter = FloatingPointCounter(label: "c", factory: factory)
        counter.increment(by: 0x1p360)
        counter.increment(by: 0x1p360)
        Counter(label: "i", factory: factory).increment(by: Int64.max)
        Counter(label: "i", factory: factory).increment(by: Int64.max)
        #expect(try flush(factory, "r") == [[1e100, -0.5]])
        #expect(try flush(factory, "c") == [[0x1p360]])
        #expect(try flush(factory, "i") == [[Double(Int64.max)]])
    }

    @Test func `is complete if several threads record and flush`() async throws {
        let factory = written.factory()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    let recorder = Recorder(label: "r", factory: factory)
                    for value in 0..<1000 {
                        Counter(label: "c", factory: factory).increment()
                        recorder.record(value)
                        if value % 300 == 0 { factory.flush() }
                    }
                }
            }
        }
        #expect(try flush(factory, "c").joined().reduce(0, +) == 4000)
        #expect(try flush(factory, "r").joined().reduce(0, +) == 4 * 999 * 500)
    }

    @Test func `is written when a task that flushes regularly is cancelled`() async throws {
        let factory = written.factory()
        Counter(label: "a", factory: factory).increment()
        let task = Task { await factory.run(every: .seconds(3600)) }
        task.cancel()
        await task.value
        #expect(try written.documents.map { $0["a"]?.double } == [1])
    }
}
