import SluicePlatform

/// A profile in the shared configuration files, `~/.aws/config` and `~/.aws/credentials`: sections of `name = value` lines.
///
///     [default]                   both files
///     region = eu-north-1
///     [profile work]              config
///     [work]                      credentials
///     credential_process = /usr/local/bin/get-key --account work
///
/// For a setting in both files, the credentials file takes precedence. Lines that start with a space belong to the setting
/// above them; they are skipped, since no nested setting is needed.
package struct ProfileFile: Sendable {
    /// The name of the selected profile.
    package let name: String
    private var settings: [String: String] = [:]
    /// Whether one of the files has a section for the profile.
    package private(set) var exists = false

    package init(_ environment: AWSEnvironment) {
        name = environment["AWS_PROFILE"] ?? "default"
        let directory = "\(environment["HOME"] ?? "")/.aws"
        let config = environment["AWS_CONFIG_FILE"] ?? "\(directory)/config"
        let credentials = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(directory)/credentials"
        read(SmallFile.text(at: config) ?? "", section: name == "default" ? name : "profile \(name)")
        read(SmallFile.text(at: credentials) ?? "", section: name)
    }

    package subscript(_ setting: String) -> String? { settings[setting].flatMap { $0.isEmpty ? nil : $0 } }

    private mutating func read(_ text: String, section: String) {
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("[") {
                let name = line.dropFirst().prefix { $0 != "]" }
                isInside = name.split(whereSeparator: \.isWhitespace).joined(separator: " ") == section
                exists = exists || isInside
            } else if isInside, let first = line.first, !first.isWhitespace, first != "#", first != ";",
                let equals = line.firstIndex(of: "=")
            {
                settings[line[..<equals].trimmed().lowercased()] = line[line.index(after: equals)...].trimmed()
            }
        }
    }
}
