// Imports only what a user of the library imports.
import Sluice
import Testing

/// The programs of the documentation's tour, as they stand there.
@Suite struct `The documentation's programs` {
    @Test func `make NDJSON of bytes in memory`() throws {
        let rows = try CSVConverter().convert(Array("a,b\n1,2\n".utf8))
        #expect(String(decoding: rows, as: UTF8.self) == "{\"a\":\"1\",\"b\":\"2\"}\n")
    }

    @Test func `sum a named column`() throws {
        let reader = try CSVReader(Array("id,price\n1,2.50\n2,0.25\n".utf8))
        var sum = 0.0
        while let record = try reader.next() {
            if let price = record["price"].flatMap({ Double($0) }) { sum += price }
        }
        #expect(sum == 2.75)
    }

    @Test func `send messages of a body until they are cancelled`() async throws {
        let body = AsyncStream<ArraySlice<UInt8>>(unfolding: { Array("a,b\n1,2\n".utf8)[...] })
        let task = Task {
            var count = 0
            for try await message in CSVConverter().messages(from: body, source: "body?version=1") {
                count += 1
                #expect(message.source == "body?version=1")
                if count == 2 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `decode records into structs`() throws {
        struct Order: Decodable, Equatable {
            var id: Int
            var price: Double?
        }
        let orders = try CSVDecoder().decode([Order].self, from: Array("id,price\n1,2.50\n2,\n".utf8))
        #expect(orders == [Order(id: 1, price: 2.5), Order(id: 2, price: nil)])
    }

    @Test func `consume and verify messages`() async throws {
        let chunks = AsyncStream<[UInt8]> { stream in
            stream.yield(Array("a\n1\n2\n".utf8))
            stream.finish()
        }
        var verifier = MessageVerifier()
        var rows: [UInt8] = []
        for try await message in CSVConverter().messages(from: chunks, source: "orders.csv?version=7") {
            let received = ReceivedMessage(message)
            verifier.add(received)
            if !message.isLast { rows += try received.rows() }
        }
        #expect(verifier.check().allSatisfy { $0.isComplete })
        #expect(String(decoding: rows, as: UTF8.self) == "{\"a\":\"1\"}\n{\"a\":\"2\"}\n")
    }
}
