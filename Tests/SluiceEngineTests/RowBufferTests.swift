import CSluiceKernels
import SluiceJSON
import Testing

@Suite struct RowBufferTests {
    @Test func `a mark of a row has the layout that kernels write`() {
        typealias Mark = RowBuffer.Mark
        #expect(MemoryLayout<Mark>.stride == MemoryLayout<sluice_row_mark>.stride)
        #expect(MemoryLayout<Mark>.alignment == MemoryLayout<sluice_row_mark>.alignment)
        #expect(MemoryLayout<Mark>.offset(of: \.outputEnd) == MemoryLayout<sluice_row_mark>.offset(of: \.output_end))
        #expect(MemoryLayout<Mark>.offset(of: \.plainEnd) == MemoryLayout<sluice_row_mark>.offset(of: \.plain_end))
        #expect(MemoryLayout<Mark>.offset(of: \.inputStart) == MemoryLayout<sluice_row_mark>.offset(of: \.input_start))
        #expect(MemoryLayout<Mark>.offset(of: \.inputEnd) == MemoryLayout<sluice_row_mark>.offset(of: \.input_end))
        #expect(MemoryLayout<Mark>.offset(of: \.number) == MemoryLayout<sluice_row_mark>.offset(of: \.number))
    }
}
