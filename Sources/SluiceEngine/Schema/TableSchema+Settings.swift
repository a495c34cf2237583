import SluiceJSON
import SluicePlatform

/// A schema as part of a configuration; see ``Identity``.
extension TableSchema {
    /// The settings, of which only the first is always there:
    ///
    ///     schema=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08;unchecked=unique:2,primaryKey:1
    var settings: [String] {
        let kinds = unchecked.map { "\($0.constraint):\($0.count)" }.joined(separator: ",")
        return ["schema=\(digest)"] + (kinds.isEmpty ? [] : ["unchecked=\(kinds)"])
    }

    /// Reads what ``settings`` states of unchecked constraints. Returns nil for anything else.
    package static func unchecked(_ setting: String) -> [Unchecked]? {
        let kinds = setting.split(separator: ",").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        let unchecked = kinds.compactMap { parts -> Unchecked? in
            guard parts.count == 2, Schema.Constraint(rawValue: String(parts[0])) != nil, let count = Int(parts[1])
            else {
                return nil
            }
            return Unchecked(constraint: String(parts[0]), count: count)
        }
        return unchecked.count == kinds.count ? unchecked : nil
    }

    /// The constraints that were not checked, as JSON: `{"unique":2,"primaryKey":1}`.
    package var uncheckedJSON: String { JSONWriter.object(unchecked.map { ($0.constraint, "\($0.count)") }) }
}
