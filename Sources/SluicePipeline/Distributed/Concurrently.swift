/// Calls `body` for each number below `count`, at most `limit` at a time, and returns the results in the numbers' order.
func concurrently<Result: Sendable>(
    _ count: Int,
    limit: Int = 16,
    _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
    var results = [Result?](repeating: nil, count: count)
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        for number in 0..<count {
            if number >= limit, let (done, result) = try await group.next() { results[done] = result }
            group.addTask { (number, try await body(number)) }
        }
        for try await (done, result) in group { results[done] = result }
    }
    return results.compactMap(\.self)
}
