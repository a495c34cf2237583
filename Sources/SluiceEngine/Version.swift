/// Facts about this package.
public enum SluicePackage {
    /// The version, as in the CHANGELOG.
    public static let version = "0.2.0"
}
