import SluiceJSON

/// The formats of strings, as the regular expressions of their standards.
enum ReferenceStrings {
    static func isValid(_ text: String, _ format: FieldType.StringFormat) -> Bool {
        guard let expression = expression(format) else { return true }
        return ReferenceTime.groups(of: expression, in: text) != nil
    }

    private static func expression(_ format: FieldType.StringFormat) -> String? {
        switch format {
        case .any: nil
        case .email: email
        case .uri: uri
        case .binary: "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
        case .uuid: "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
        }
    }

    /// That of HTML's `input type=email`.
    private static let email =
        #"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@"#
        + "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"

    /// RFC 3986, appendix A.
    private static var uri: String {
        let plain = "[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}"
        let path = "(?:\(plain)|[/:@])*"
        let host =
            "\\[(?:[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*|:[0-9A-Fa-f:.]+|[vV][0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\\]"
            + "|(?:\(plain))*"
        let authority = "//(?:(?:\(plain)|:)*@)?(?:\(host))(?::[0-9]*)?(?:/\(path))?"
        let query = "(?:\(plain)|[/:@?])*"
        return "[A-Za-z][A-Za-z0-9+.-]*:(?:\(authority)|(?!//)\(path))(?:\\?\(query))?(?:#\(query))?"
    }
}
