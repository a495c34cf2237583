// The engine's public types are the library's, and those of SluiceCSV: dialects, errors and the record cursor.
@_exported public import SluiceEngine
