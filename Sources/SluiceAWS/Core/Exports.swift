// The chunks of objects are SwiftNIO's buffers, so that they are inputs belongs to them.
@_exported public import SluiceNIO
