import CSluiceKernels
import SluiceCSV
import Testing

@Suite struct `Entries of a structural index` {
    @Test func `have the flags that the kernels set`() {
        #expect(StructuralIndex.dirty == UInt32(SLUICE_END_DIRTY))
        #expect(StructuralIndex.quoted == UInt32(SLUICE_END_QUOTED))
        #expect(StructuralIndex.record == UInt32(SLUICE_END_RECORD))
        #expect(StructuralIndex.crlf == UInt32(SLUICE_END_CRLF))
        #expect(StructuralIndex.shift == UInt32(SLUICE_END_SHIFT))
    }
}
