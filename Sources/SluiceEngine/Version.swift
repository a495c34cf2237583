/// Facts about this package.
public enum SluicePackage {
    /// The version, as in the CHANGELOG: MAJOR.MINOR.PATCH of Semantic Versioning. As long as MAJOR is 0, a change of MINOR
    /// may break what is public.
    public static let version = "0.2.0"
}
