import SluiceEngine

/// An object, and what it is converted with.
struct ObjectWork: Sendable {
    let object: PinnedObject
    /// The schema, or nil if none applies.
    let schema: PinnedSchema?
    /// The function's options with those of the schema.
    let converter: CSVConverter
    /// Identifies the object's bytes under the function's options, whatever the schema: so there is one note on the work,
    /// which states the schema that it began with.
    let id: String
    /// What the event stated with which the work began, if anything.
    var event: ObjectEvent?
    /// The turn of this version, if the versions of a key take turns.
    var turn: UInt64?

    /// The checkpoint at the start of the object.
    var start: Checkpoint { Checkpoint(start: converter.identity(object.sourceName)) }
}
