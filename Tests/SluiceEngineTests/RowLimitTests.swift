import Sluice
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluiceTesting
import Testing

/// Reading stops at the last row that is asked for, although kernels look at the record after it, too.
@Suite struct `Records after the last row to read` {
    @Test(
        arguments: [
            "4\n", "4,5,6\n", "4,\"5", "4,\"5\"x\n", "4,5\"\n", "4,5\rx\n", "x,5\n", "4,\u{FFFF}\n", "\n\n4\n",
        ],
        [1, 2, 21, 70]
    )
    func `are not read, in every kernel and mode`(_ rest: String, _ rows: Int) throws {
        for row in ["1,x\n", "\"2\",y\n", "3,\"p\nq\"\n", "44444444444444444444,\"\"\n"] {
            let start = Array("a,b\n".utf8) + [[UInt8]](repeating: Array(row.utf8), count: rows).joined()
            let input = start + Array(rest.utf8)
            for shape in [RowShape(), Self.typed, Self.numbered] {
                let expected = Everywhere.expected(start, .rfc4180, ReferenceShape(shape))
                #expect(expected.rows == UInt64(rows))
                for kernel in Kernel.tried {
                    var conversion = CSVConverter(kernel: kernel)
                    (conversion.shape, conversion.mostRows) = (shape, rows)
                    #expect(try Everywhere.file(input, conversion) == expected, "\(kernel.name), file")
                    for sizes in [[.max], [1]] {
                        let found = Everywhere.outcome(of: Pieces(input, sizes: sizes), conversion)
                        #expect(found == expected, "\(kernel.name), pieces of \(sizes)")
                    }
                    conversion.countsOnly = true
                    #expect(
                        try Everywhere.file(input, conversion)?.counted == expected.counted,
                        "\(kernel.name), counted"
                    )
                }
            }
        }
    }

    private static var typed: RowShape {
        var shape = RowShape()
        shape.types = [RowShape.NamedType(name: Array("a".utf8), type: .integer(FieldType.NumberForm()))]
        return shape
    }

    private static var numbered: RowShape {
        var shape = RowShape()
        shape.added = [RowShape.AddedColumn(name: Array("line".utf8), value: .line)]
        return shape
    }
}
