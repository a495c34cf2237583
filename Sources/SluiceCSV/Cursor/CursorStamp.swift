/// Counts the calls of a cursor's `next()`. Shared by the cursor and its records.
final class CursorTurn {
    private(set) var number: UInt64 = 0

    /// Begins the next turn. A method, since with the thread sanitizer the compiler takes a change through the cursor for
    /// an escape.
    func begin() { number &+= 1 }
}

/// The turn of its cursor that a record or field belongs to.
struct CursorStamp {
    let turn: CursorTurn
    let number: UInt64

    init(_ turn: CursorTurn) {
        self.turn = turn
        number = turn.number
    }

    /// Stops the program if the cursor has moved on: the record would silently show other fields. This is an error of the
    /// program, which no input can cause.
    @inline(__always)
    func check() {
        if number != turn.number { Self.fail() }
    }

    @inline(never)
    private static func fail() -> Never {
        fatalError(
            "a CSVRecord or CSVField was used after its RecordCursor went on; it is valid until the next call of next(): "
                + "copy what you keep, with `unescaped` or `string`"
        )
    }
}
