import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The options for the input's dialect, in the groups in which the help lists them.
///
/// Options with values are strings, which are looked up here: for each further type of option, the parser would search every
/// conformance in the program at every start.
package struct DialectOptions: ParsableArguments {
    @OptionGroup(title: "CSV options") var syntax: SyntaxOptions
    @OptionGroup(title: "Start of the input") var start: StartOptions
    @OptionGroup(title: "What RFC 4180 does not allow") var tolerance: ToleranceOptions
    @OptionGroup(title: "Limits of an input") var limits: InputLimitOptions

    @OptionGroup var schema: SchemaOption

    package init() {}

    /// Returns the dialect that the options describe. Settings without an option are those of `base`.
    package func dialect(over base: Dialect = .rfc4180) throws -> Dialect {
        var dialect = tolerance.lenient ? base.accepting : base
        try syntax.apply(to: &dialect)
        try start.apply(to: &dialect)
        try tolerance.apply(to: &dialect)
        try limits.apply(to: &dialect)
        if let fault = dialect.fault { throw ValidationError(fault) }
        try start.checkNames(of: dialect)
        return dialect
    }

    /// Returns the most memory that a zstd input may ask for, in bytes.
    package func window() throws -> Int { try limits.window() }

    package func inputEncoding(over base: Encoding = .utf8) throws -> Encoding {
        guard let label = syntax.encoding else { return base }
        if let found = Encoding(label: label) { return found }
        if let refusal = Encoding.refusal(of: label) { throw ValidationError("--encoding \(refusal)") }
        let names = Encoding.all.map(\.name).joined(separator: ", ")
        throw ValidationError(
            "--encoding takes a label of the WHATWG Encoding Standard, such as \(names), not '\(label)'"
        )
    }
}

extension DialectOptions {
    /// Returns a converter with these options over what the schema states, the kernel that the environment chooses, and this
    /// program's remote inputs.
    package func converter(
        format: RowFormat = .ndjson,
        limits: MessageFormat = .sqs,
        rows: RowOptions,
        threads: ThreadOption
    ) throws -> CSVConverter {
        let schema = try schema.load()
        var converter = CSVConverter(
            dialect: try dialect(over: schema?.dialect() ?? .rfc4180),
            encoding: try inputEncoding(over: schema?.encoding ?? .utf8),
            format: format,
            messageFormat: limits,
            threads: threads.count,
            kernel: try KernelChoice.kernel()
        )
        schema?.apply(to: &converter.shape)
        converter.remoteInputs = RemoteInputs.current
        converter.maxWindow = try window()
        converter.shape = try rows.shape(over: converter.shape)
        if let fault = converter.rowFault { throw ValidationError(fault) }
        return converter
    }
}

/// An option's value that is one of a fixed set of words.
typealias Choice = CaseIterable & RawRepresentable<String>

/// Returns the words as help and errors list them: `error, newline, data`.
func values<Value: Choice>(_: Value.Type) -> String {
    Value.allCases.map(\.rawValue).joined(separator: ", ")
}

/// Sets `value` to the case called `name`, if a name is given.
func choose<Value: Choice>(_ value: inout Value, _ name: String?, _ option: String) throws {
    guard let name else { return }
    guard let chosen = Value(rawValue: name) else {
        throw ValidationError("--\(option) takes one of \(values(Value.self)), not '\(name)'")
    }
    value = chosen
}

/// Returns the number that an option's text states, or nil if the option is not given.
func number(_ text: String?, in range: ClosedRange<Int>, _ option: String) throws -> Int? {
    guard let text else { return nil }
    if let number = Int(text), range.contains(number) { return number }
    throw ValidationError("--\(option) takes a number from \(range.lowerBound) to \(range.upperBound)")
}
