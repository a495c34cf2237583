import SluicePlatform

/// The shared configuration files, `~/.aws/config` and `~/.aws/credentials`: sections of `name = value` lines.
///
///     [default]                       both files; in config also [profile default], which takes precedence
///     region = eu-north-1
///     [profile work]                  config
///     services = local
///     [work]                          credentials
///     credential_process = /usr/local/bin/get-key --account work
///     [services local]                config
///     s3 =
///       endpoint_url = http://…       the setting `s3.endpoint_url`
///     [sso-session corp]              config
///
/// For a setting of a profile in both files, the credentials file takes precedence.
package struct SharedFiles: Sendable {
    /// What a section configures.
    package enum Kind: String, Sendable, Hashable {
        case profile
        case ssoSession = "sso-session"
        case services
    }

    /// The settings of a section.
    package struct Section: Sendable {
        package let name: String
        fileprivate var settings: [String: String] = [:]

        /// The value of a setting; nil also if it is empty.
        package subscript(_ setting: String) -> String? { settings[setting].flatMap { $0.isEmpty ? nil : $0 } }

        /// Whether a setting is `true`.
        package func isTrue(_ setting: String) -> Bool { self[setting]?.lowercased() == "true" }
    }

    private struct Key: Hashable {
        var kind: Kind
        var name: String
    }

    private var sections: [Key: Section] = [:]
    /// The name of the selected profile.
    package let profileName: String
    /// Whether a variable selects that profile, which must therefore exist.
    package let isProfileChosen: Bool

    package init(_ environment: AWSEnvironment) {
        let chosen = environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"]
        (profileName, isProfileChosen) = (chosen ?? "default", chosen != nil)
        let directory = "\(environment["HOME"] ?? "")/.aws"
        let config = environment["AWS_CONFIG_FILE"] ?? "\(directory)/config"
        let credentials = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(directory)/credentials"
        let text = SmallFile.text(at: config) ?? ""
        read(text) { Self.configKey($0) }
        if sections[Key(kind: .profile, name: "default")] == nil {
            read(text) { $0 == ["default"] ? Key(kind: .profile, name: "default") : nil }
        }
        read(SmallFile.text(at: credentials) ?? "") { Key(kind: .profile, name: $0.joined(separator: " ")) }
    }

    /// The selected profile, or nil if no file has it.
    package var profile: Section? { section(.profile, profileName) }

    package func section(_ kind: Kind, _ name: String) -> Section? { sections[Key(kind: kind, name: name)] }

    /// Returns the section that a header of the config file names, by the header's words: `profile work`.
    private static func configKey(_ words: [Substring]) -> Key? {
        guard words.count > 1, let kind = Kind(rawValue: String(words[0])) else { return nil }
        let name = words.dropFirst().joined(separator: " ")
        return Key(kind: kind, name: name.trimmed { $0 == "\"" || $0 == "'" })
    }

    /// Reads the sections for whose header `key` returns one.
    private mutating func read(_ text: String, key: ([Substring]) -> Key?) {
        var current: Key?
        // The setting that indented lines belong to.
        var parent: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmed()
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if line.hasPrefix("[") {
                current = key(line.dropFirst().prefix { $0 != "]" }.split(whereSeparator: \.isWhitespace))
                if let current, sections[current] == nil { sections[current] = Section(name: current.name) }
                parent = nil
            } else if let current, let equals = content.firstIndex(of: "=") {
                let name = content[..<equals].trimmed().lowercased()
                let value = content[content.index(after: equals)...].trimmed()
                if line.first?.isWhitespace != true {
                    parent = value.isEmpty ? name : nil
                    sections[current]?.settings[name] = value
                } else if let parent {
                    sections[current]?.settings["\(parent).\(name)"] = value
                }
            }
        }
    }
}
