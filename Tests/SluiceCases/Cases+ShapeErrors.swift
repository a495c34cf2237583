// Cases of headers and values that rows in a shape refuse.

import SluiceCSV
import SluiceJSON

extension Cases {
    static let shapeErrors: [Case] = [
        Case(
            "a selected column that is not there",
            "a,b\n1,2\n",
            shape { $0.selected = texts("a", "c") },
            [],
            CSVError(.unknownColumn, offset: 0, record: 1)
        ),
        Case(
            "a typed column that is not there",
            "\n\na\n1\n",
            shape { $0.types = [type("A", "integer")] },
            [],
            CSVError(.unknownColumn, offset: 2, record: 3)
        ),
        Case(
            "two members of one name",
            "a,b\n1,2\n",
            shape { $0.renamed = [renaming("b", "a")] },
            [],
            CSVError(.memberConflict, offset: 0, record: 1, field: 2)
        ),
        Case(
            "a value that is an object too",
            "a,a.b\n1,2\n",
            shape { $0.nestSeparator = Array(".".utf8) },
            [],
            CSVError(.memberConflict, offset: 0, record: 1, field: 2)
        ),
        Case(
            "an object that is a value too",
            "a.b,a\n1,2\n",
            shape { $0.nestSeparator = Array(".".utf8) },
            [],
            CSVError(.memberConflict, offset: 0, record: 1, field: 2)
        ),
        Case(
            "a wrong value after others",
            "a,b\n1,x\n2,\"y\"\"\"\n",
            shape { $0.types = [type("b", "integer")] },
            [],
            CSVError(.typeMismatch, offset: 6, record: 2, field: 2)
        ),
        Case(
            "a wrong value of a dropped column",
            "a,b\n1,2\n1,x\n",
            shape {
                $0.types = [type("b", "integer")]; $0.dropped = texts("b")
            },
            [#"{"a":"1"}"#],
            CSVError(.typeMismatch, offset: 10, record: 3, field: 2)
        ),
        Case(
            "the first of two wrong values, whatever the order of members",
            "a,b\nx,y\n",
            shape {
                $0.types = [type("a", "integer"), type("b", "integer")]; $0.selected = texts("b", "a")
            },
            [],
            CSVError(.typeMismatch, offset: 4, record: 2)
        ),
        Case(
            "a wrong value before ill-formed UTF-8",
            "a,b\nx,\(0xFF)\n",
            shape { $0.types = [type("a", "integer")] },
            [],
            CSVError(.typeMismatch, offset: 4, record: 2)
        ),
        Case(
            "ill-formed UTF-8 before a wrong value",
            "a,b\n\(0xFF),x\n",
            shape { $0.types = [type("b", "integer")] },
            [],
            CSVError(.invalidUTF8, offset: 4, record: 2)
        ),
        Case(
            "a wrong number of fields before a wrong value",
            "a,b\nx\n",
            shape { $0.types = [type("a", "integer")] },
            [],
            CSVError(.raggedRecord, offset: 4, record: 2, field: 2)
        ),
        Case(
            "a required value",
            "a\n1\n\"\"\n",
            shape { $0.schema = required },
            [#"{"a":"1"}"#],
            CSVError(.constraint, offset: 4, record: 3)
        ),
        Case(
            "a required value that a short record lacks",
            "b,a\n1\n",
            Dialect(ragged: .omit),
            shape {
                $0.schema = required; $0.schema?.match = .partial
            },
            [],
            CSVError(.constraint, offset: 4, record: 2, field: 2)
        ),
    ]

    private static var required: TableSchema {
        var field = TableSchema.Field(name: Array("a".utf8))
        field.rule.missingValues = [[]]
        field.rule.constraints = [.required]
        return TableSchema(fields: [field])
    }
}
