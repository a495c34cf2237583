import SluiceCSV
import SluiceJSON

/// What a conversion needs to start anywhere but at the start of its input.
package struct ResumePoint: Sendable {
    package let position: RecordPosition
    /// The rows' keys, from the header; nil if only blank lines come before the position.
    let keys: KeyTable?
}
