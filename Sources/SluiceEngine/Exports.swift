// The engine's API consists of dialects and errors, too.
@_exported public import SluiceCSV
