import ArgumentParser
import SluiceEngine

/// The options for a schema of the input.
package struct SchemaOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A Table Schema, a Data Resource or a Data Package with one resource, in JSON: the columns' names and types, the \
            dialect and the encoding. Other options override it.
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var schema: String?
    @Option(
        help: ArgumentHelp(
            "Constraints that the schema may have although they are not checked: \(values(Schema.Constraint.self)).",
            valueName: "list"
        ),
        completion: choices(Schema.Constraint.self)
    )
    var skipConstraints: [String] = []

    package init() {}

    /// Returns the schema, or nil if none is named.
    ///
    /// - Throws: `ValidationError` if the options are wrong, `Failure` if the schema can't be read or used.
    package func load() throws -> Schema? {
        let skipped = try skippedConstraints()
        guard let schema else {
            if !skipConstraints.isEmpty { throw ValidationError("--skip-constraints requires --schema") }
            return nil
        }
        guard schema != "-" else { throw ValidationError("--schema takes a file, not standard input") }
        let text = try Failure.naming(schema) { () throws(SluiceError) in
            var reader = CSVConverter()
            reader.remoteInputs = RemoteInputs.current
            return try reader.contents(of: schema, limit: Schema.largest)
        }
        guard Schema.fits(text) else { throw Failure(.outOfMemory, input: schema) }
        do throws(SchemaError) {
            return try Schema(json: text, skipping: skipped)
        } catch {
            throw Failure(.unusable(error.description + (error.advice.map { "; \($0)" } ?? "")), input: schema)
        }
    }

    private func skippedConstraints() throws(ValidationError) -> Set<Schema.Constraint> {
        var skipped: Set<Schema.Constraint> = []
        for name in skipConstraints.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
            guard let constraint = Schema.Constraint(rawValue: String(name)) else {
                throw ValidationError(
                    "--skip-constraints takes a list of \(values(Schema.Constraint.self)), not '\(name)'"
                )
            }
            skipped.insert(constraint)
        }
        return skipped
    }
}
