import SluiceCSV
import SluiceEngine
import SluiceJSON

/// What is wrong with a schema, and what to do about it.
struct SchemaFault: Error, CustomStringConvertible {
    let description: String
}

extension Configuration {
    /// The converter of objects without a schema.
    var plainConverter: CSVConverter { converter(dialect, encoding, shape) }

    /// Returns the converter of objects with that schema. Variables override what the schema says.
    func converter(_ text: [UInt8]) throws(SchemaFault) -> CSVConverter {
        let schema: Schema
        do throws(SchemaError) { schema = try Schema(json: text, skipping: skippedConstraints) } catch {
            let advice = error.constraint.map {
                "; to use it without that check: SLUICE_SKIP_CONSTRAINTS=\($0.rawValue)"
            }
            throw SchemaFault(description: "\(error)\(advice ?? "")")
        }
        var reader = EnvironmentReader(environment)
        let encoding = reader.encoding("SLUICE_ENCODING") ?? schema.encoding ?? .utf8
        var shape = RowShape()
        schema.apply(to: &shape)
        let converter = converter(reader.dialect(over: schema.dialect()), encoding, reader.shape(over: shape))
        if let fault = converter.fault { throw SchemaFault(description: "with the function's variables, \(fault)") }
        return converter
    }

    private func converter(_ dialect: Dialect, _ encoding: Encoding, _ shape: RowShape) -> CSVConverter {
        var converter = CSVConverter(dialect: dialect, encoding: encoding, messageFormat: format)
        converter.shape = shape
        converter.rejects = rejects
        converter.needsEscapedBodies = true
        return converter
    }
}
