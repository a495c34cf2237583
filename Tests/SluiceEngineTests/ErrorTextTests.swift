import Sluice
import SluiceCSV
import Testing

/// What a program prints that prints an error.
@Suite struct `An error prints` {
    @Test func `what is wrong with the data, and where`() {
        let fault = CSVError(.quoteInPlain, offset: 41, line: 5, record: 3, field: 2, column: "note")
        let text = "5: error: quote inside an unquoted field [quoteInPlain] (record 3, field 2 \"note\", byte 41)"
        #expect("\(fault)" == text && "\(SluiceError.badData(fault))" == text)
    }

    @Test func `which file could not be used, and the system's reason`() throws {
        let missing = #expect(throws: SluiceError.self) { try CSVConverter().convert(file: "/no/such") { _ in } }
        #expect("\(missing, default: "")" == "/no/such: open: No such file or directory")
        #expect("\(SystemFault("create", path: "a\u{1B}.ndjson", code: 17))" == "a\\x1b.ndjson: create: File exists")
    }

    @Test(arguments: [
        (SluiceError.inputChanged, "the input changed while it was read"),
        (.wrongSize(expected: 500, received: 377), "the stream ended after 377 of 500 bytes"),
        (.wrongSize(expected: 500, received: 501), "the stream has more than the 500 bytes that were stated"),
        (.interrupted(signal: 15), "ended by SIGTERM"),
        (.noInput("it is a directory"), "it is a directory"), (.unusable("why"), "why"),
        (.overLimit(.messageBody, "too large"), "too large"), (.misuse("why"), "why"),
        (.outOfMemory, "there is not enough memory"),
        (
            .service(ServiceFault(.busy, resource: "s3://b/k", code: "SlowDown", message: "slow down [SlowDown]")),
            "s3://b/k: slow down [SlowDown]"
        ),
        (
            .undelivered(cause: .outOfMemory, loss: .misuse("x")),
            "there is not enough memory; what was accepted before could not be delivered: x"
        ),
    ])
    func `what happened`(_ error: SluiceError, _ text: String) {
        #expect("\(error)" == text)
        #expect("\(ConversionError<Never>.conversion(error))" == text)
    }

    struct Full: Error {}

    @Test func `why a sink failed, and what was wrong before`() {
        #expect("\(ConversionError<Full>.sink(Full(), after: nil))" == "Full()")
        #expect(
            "\(ConversionError<Full>.sink(Full(), after: .inputChanged))"
                == "Full(); before that: the input changed while it was read"
        )
    }

    @Test func `the place in a schema`() {
        #expect("\(SchemaError(pointer: "/fields/3", "it is no field"))" == "/fields/3: it is no field")
    }
}
