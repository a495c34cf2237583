import Logging
import Sluice
import SluiceJSON
import SluicePipeline
import Testing

/// A function with small segments and notes, which a test can invoke any number of times.
struct Invoked {
    let services: MemoryServices
    var environment = [
        "SLUICE_QUEUE_URL": "https://q", "SLUICE_ERROR_QUEUE_URL": "https://e", "SLUICE_WORK_BUCKET": "work",
        "SLUICE_MAX_BYTES": "4096",
    ]
    var segmentSize = 64
    var portionSegments = 2

    /// Invokes the function.
    ///
    /// - Returns: The function's answer.
    /// - Throws: The function's error.
    func callAsFunction(
        _ payload: String,
        id: String = "r-1",
        time: Duration = .seconds(900),
        function: String? = "arn:f",
        trace: String? = nil
    ) async throws -> JSONValue {
        let environment = environment
        var configuration = try Configuration { environment[$0] }
        configuration.format = configuration.format.cutting(segmentSize: segmentSize)
        configuration.sharing.portionSize = UInt64(portionSegments * segmentSize)
        let handler = Handler(configuration, services, metrics: Lines().output)
        let logger = Logger(label: "test") { _ in JSONLogHandler(.critical, output: Lines().output) }
        let invocation = Invocation(
            requestID: id,
            deadline: services.clock.now + time,
            functionARN: function,
            payload: Array(payload.utf8),
            traceID: trace
        )
        let answer = try await handler.handle(invocation, isColdStart: false, logger: logger)
        return try #require(JSONValue(parsing: answer))
    }

    /// Returns the outcome of the first object.
    func outcome(_ payload: String, id: String = "r-1", time: Duration = .seconds(900)) async throws -> String? {
        try await self(payload, id: id, time: time)["objects"]?.elements?.first?["outcome"]?.text
    }
}

extension MemoryServices {
    /// Returns the messages that a function without notes sends for the same object.
    func expected(_ key: String, _ environment: [String: String] = [:]) async throws -> [Message] {
        let other = MemoryServices()
        other.change { $0.objects = state.objects }
        var invoked = Invoked(services: other)
        invoked.environment["SLUICE_WORK_BUCKET"] = ""
        invoked.environment.merge(environment) { $1 }
        _ = try await invoked(Payloads.s3(key))
        return other.state.messages
    }
}
