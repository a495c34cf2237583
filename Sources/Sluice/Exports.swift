// Dialects, errors and the record cursor are part of this library's API.
@_exported public import SluiceCSV
