import SluiceEngine
import SluiceJSON
import SluicePlatform

/// A file in which AWS's command-line interface keeps a token: a JSON object, which other tools read and replace too.
struct TokenFile {
    let path: String

    /// Returns the members, or nil if there is no such file, or it is invalid.
    func read() -> [String: JSONValue]? {
        guard let text = SmallFile.text(at: path) else { return nil }
        return JSONValue(parsing: text.utf8, mostValues: 1000)?.members
    }

    /// Replaces the file. If it can't be replaced, it stays as it is: the new token can still be used by this process.
    func replace(with members: [String: JSONValue]) {
        do throws(SluiceError) {
            let file = try AtomicFile(path, besides: nil)
            var sink = file.sink
            try sink.write(Array("\(JSONValue.object(members).minified)\n".utf8))
            try file.commit(replaces: true)
        } catch {}
    }
}

/// Times and texts in tokens.
extension JSONValue {
    init(text: String) { self = .string(Array(text.utf8)) }

    init(time: Timestamp) { self.init(text: "\(time.extended)Z") }

    /// The time of a text such as `2015-08-30T12:36:00Z`. Older versions wrote `UTC` instead of `Z`.
    var time: Timestamp? {
        text.flatMap { Timestamp(iso: $0.hasSuffix("UTC") ? "\($0.dropLast(3))Z" : $0) }
    }
}
