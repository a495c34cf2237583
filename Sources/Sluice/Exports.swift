// The engine's public types, and dialects, errors and the record cursor, are part of this library's API.
@_exported public import SluiceCSV
@_exported public import SluiceEngine
