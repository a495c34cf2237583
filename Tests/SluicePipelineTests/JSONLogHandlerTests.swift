import Logging
import SluicePipeline
import SluicePlatform
import Testing

@Suite struct `Log lines` {
    private func line(_ log: (inout Logger) -> Void) -> String? {
        let lines = Lines()
        var logger = Logger(label: "test") { _ in
            JSONLogHandler(.info, output: lines.output) { 1_769_860_800_123 }
        }
        log(&logger)
        #expect(lines.all.count <= 1)
        return lines.all.first
    }

    @Test func `are objects with time, level, message and request id`() {
        let line = line { logger in
            logger[metadataKey: "requestId"] = "r-1"
            logger.warning("said \"no\"\n", metadata: ["b": ["x", "y"], "a": ["k": "v"]])
        }
        let expected = """
            {"timestamp":"2026-01-31T12:00:00.123Z","level":"WARN","message":"said \\"no\\"\\n",\
            "a":{"k":"v"},"b":["x","y"],"requestId":"r-1"}
            """
        #expect(line == expected)
    }

    @Test func `have each member once`() {
        let line = line { $0.info("m", metadata: ["level": "mine"]) }
        #expect(line?.hasSuffix("\"level\":\"INFO\",\"message\":\"m\",\"metadata.level\":\"mine\"}") == true)
    }

    @Test func `below the level are left out`() { #expect(line { $0.debug("m") } == nil) }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_798_761_599_001, "2026-12-31T23:59:59.001Z"),
    ])
    func `state the time in UTC`(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp.iso(milliseconds: milliseconds) == text)
    }
}
