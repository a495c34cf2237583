// Dialects, errors and the record cursor belong to what a user of this library sees.
@_exported public import SluiceCSV
