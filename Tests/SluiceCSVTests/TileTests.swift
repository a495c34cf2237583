import CSluiceKernels
import SluiceCSV
import Testing

@Suite struct `A tile's entries` {
    @Test func `have the flags that the kernels set`() {
        #expect(Tile.dirty == UInt32(SLUICE_END_DIRTY))
        #expect(Tile.quoted == UInt32(SLUICE_END_QUOTED))
        #expect(Tile.record == UInt32(SLUICE_END_RECORD))
        #expect(Tile.crlf == UInt32(SLUICE_END_CRLF))
        #expect(Tile.shift == UInt32(SLUICE_END_SHIFT))
    }
}
