import NIOCore
import Sluice
import SluiceAWS
import Testing

@Suite struct `A stream of network buffers` {
    @Test func `is converted as it arrives`() async throws {
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        for text in ["a,", "b\n1", ",2\n3,4", "\n"] { continuation.yield(ByteBuffer(string: text)) }
        continuation.finish()
        var bodies: [String] = []
        for try await message in CSVConverter().messages(from: stream, source: "s") where message.records != nil {
            bodies.append(String(decoding: message.body, as: UTF8.self))
        }
        #expect(bodies == [#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#])
    }
}
