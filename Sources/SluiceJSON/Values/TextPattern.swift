import CPCRE2
import SluiceCSV

/// A regular expression of XML Schema that a whole value must match.
///
///     ^[A-Z]{2}\d+$    matches `DE1234`, not `DE` and not `xDE1234`
///
/// It is anchored at both ends anyway. People write the anchors of other dialects all the same, as the examples of Table Schema
/// do: a first `^` and a last `$` mean what they mean there.
///
/// PCRE2 backtracks, so that some patterns take time exponential in the value's length. Matching stops after a fixed number of
/// steps. It does not use PCRE2's just-in-time compiler, which counts others: a value that is beyond the limit is so on every
/// machine.
package struct TextPattern: Sendable {
    /// The pattern as the schema has it.
    package let source: [UInt8]
    private let compiled: CompiledPattern

    /// Why a pattern can't be used.
    package struct Refusal: Error, Sendable, Hashable { package var reason: String }

    package enum Outcome: Sendable { case match, mismatch, limit }

    package init(_ source: [UInt8]) throws(Refusal) {
        self.source = source
        compiled = try CompiledPattern(try XMLPattern.translation(of: source))
    }

    /// Returns whether all of the value matches, or that finding out takes too many steps. Several threads may call this at once.
    package func outcome(of value: ByteView) -> Outcome { compiled.outcome(of: value) }
}

extension TextPattern: Hashable {
    package static func == (one: TextPattern, other: TextPattern) -> Bool { one.source == other.source }
    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

/// A pattern that PCRE2 has compiled.
///
/// It owns PCRE2's objects. They do not change after `init`, and each match has memory of its own, so threads may share them.
@safe private final class CompiledPattern: @unchecked Sendable {
    private let code: OpaquePointer
    private let limits: OpaquePointer

    /// The most steps of a match.
    private static let stepLimit: UInt32 = 1_000_000
    /// The most positions of a match to which it may have to go back. Each takes about 150 bytes.
    private static let depthLimit: UInt32 = 100_000
    /// The most KiB for them: more than they can take, so that the limit does not depend on the size of a pointer.
    private static let heapLimit: UInt32 = 1 << 17

    /// - Parameter pattern: ASCII in PCRE2's own syntax.
    init(_ pattern: String) throws(TextPattern.Refusal) {
        var (error, offset) = (Int32(0), 0)
        let options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED
        // The pattern is valid for the call, which copies what it needs.
        let code = unsafe Array(pattern.utf8).withView {
            unsafe pcre2_compile_8($0.base, $0.count, options, &error, &offset, nil)
        }
        guard let code = unsafe code else { throw TextPattern.Refusal(reason: Self.message(of: error)) }
        guard let limits = unsafe pcre2_match_context_create_8(nil) else {
            unsafe pcre2_code_free_8(code)
            throw TextPattern.Refusal(reason: "there is not enough memory for the pattern")
        }
        unsafe pcre2_set_match_limit_8(limits, Self.stepLimit)
        unsafe pcre2_set_depth_limit_8(limits, Self.depthLimit)
        unsafe pcre2_set_heap_limit_8(limits, Self.heapLimit)
        unsafe (self.code, self.limits) = (code, limits)
    }

    deinit {
        unsafe pcre2_match_context_free_8(limits)
        unsafe pcre2_code_free_8(code)
    }

    func outcome(of value: ByteView) -> TextPattern.Outcome {
        // The view is valid for the call. PCRE2 checks that it is UTF-8 before it relies on that.
        guard let data = unsafe pcre2_match_data_create_8(1, nil) else { return .limit }
        defer { unsafe pcre2_match_data_free_8(data) }
        let result = unsafe pcre2_match_8(code, value.base, value.count, 0, 0, data, limits)
        if result >= 0 { return .match }
        let isOverLimit = [
            PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_NOMEMORY,
        ].contains(result)
        return isOverLimit ? .limit : .mismatch
    }

    private static func message(of error: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 256)
        // The buffer is as long as stated, and PCRE2 ends the text with a NUL.
        let length = unsafe text.withUnsafeMutableBufferPointer {
            unsafe pcre2_get_error_message_8(error, $0.baseAddress, $0.count)
        }
        return String(decoding: text.prefix(Int(max(0, length))), as: UTF8.self)
    }
}
