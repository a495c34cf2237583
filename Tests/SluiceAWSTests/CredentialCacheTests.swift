import SluiceAWS
import SluicePlatform
import Synchronization
import Testing

/// Gives the credentials that a test sets, and counts the requests for them.
private final class Source: CredentialProvider {
    let state = Mutex((asked: 0, expires: Int64?.none, fails: false))
    /// Is awaited before each answer.
    let delay = Mutex<(@Sendable () async -> Void)?>(nil)

    func credentials() async throws(AWSError) -> AWSCredentials? {
        await delay.withLock({ $0 })?()
        let (asked, expires, fails) = state.withLock { state in
            state.asked += 1
            return state
        }
        if fails { throw AWSError(.credentials, code: "test", message: "no") }
        let expiration = expires.map { Timestamp(seconds: $0) }
        return AWSCredentials(
            accessKeyID: "key\(asked)",
            secretAccessKey: "s",
            sessionToken: nil,
            expiration: expiration
        )
    }
}

private final class Clock: Sendable {
    let seconds = Mutex<Int64>(1000)
}

@Suite struct `The credential cache` {
    private let source = Source()
    private let clock = Clock()

    private var cache: CredentialCache {
        CredentialCache(source) { [clock] in Timestamp(seconds: clock.seconds.withLock { $0 }) }
    }

    @Test(.timeLimit(.minutes(1))) func `fetches once for any number of concurrent callers`() async {
        let cache = cache
        let (starts, started) = AsyncStream<Void>.makeStream()
        // Answers once all tasks have asked; a later task gets the cached answer.
        source.delay.withLock { $0 = { for await _ in starts.prefix(20) {} } }
        let keys = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    started.yield()
                    return try? await cache.credentials().accessKeyID
                }
            }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(keys == ["key1"])
        #expect(source.state.withLock { $0.asked } == 1)
    }

    private func set(_ seconds: Int64) { clock.seconds.withLock { $0 = seconds } }
    private var asked: Int { source.state.withLock { $0.asked } }

    @Test(.timeLimit(.minutes(1))) func `refreshes credentials in the background before they expire`() async throws {
        source.state.withLock { $0.expires = 2000 }
        let cache = cache
        #expect(try await cache.credentials().accessKeyID == "key1")
        set(1699)
        #expect(try await cache.credentials().accessKeyID == "key1")
        set(1700)
        source.state.withLock { $0.expires = 3000 }
        // The caller does not wait for the new credentials.
        #expect(try await cache.credentials().accessKeyID == "key1")
        while try await cache.credentials().accessKeyID == "key1" { await Task.yield() }
        #expect(asked == 2)
    }

    @Test func `waits for new credentials if the current ones have at most a minute left`() async throws {
        source.state.withLock { $0.expires = 2000 }
        let cache = cache
        _ = try await cache.credentials()
        set(1940)
        source.state.withLock { $0.expires = 3000 }
        #expect(try await cache.credentials().accessKeyID == "key2")
    }

    @Test func `fetches short-lived credentials at most once a minute`() async throws {
        let cache = cache
        for lifetime: Int64 in [200, 30, -5] {
            set(10_000)
            source.state.withLock { $0 = (0, 10_000 + lifetime, false) }
            await cache.drop((try? await cache.credentials()) ?? AWSCredentials(accessKeyID: "", secretAccessKey: ""))
            let before = asked
            for second: Int64 in 0..<60 {
                set(10_000 + second)
                _ = try await cache.credentials()
                // Gives a background fetch time to finish.
                for _ in 0..<10 { await Task.yield() }
            }
            #expect(asked - before <= 1, "\(lifetime)")
        }
    }

    @Test func `uses credentials until they expire if it cannot fetch others`() async throws {
        source.state.withLock { $0.expires = 2000 }
        let cache = cache
        _ = try await cache.credentials()
        source.state.withLock { $0.fails = true }
        set(1999)
        #expect(try await cache.credentials().accessKeyID == "key1")
        set(2060)
        await #expect(throws: AWSError.self) { try await cache.credentials() }
    }

    @Test func `drops exactly the credentials that were reported as expired`() async throws {
        let cache = cache
        let first = try await cache.credentials()
        await cache.drop(AWSCredentials(accessKeyID: "other", secretAccessKey: "s"))
        #expect(try await cache.credentials() == first)
        await cache.drop(first)
        #expect(try await cache.credentials().accessKeyID == "key2")
    }

    @Test func `prints no secret`() {
        let credentials = AWSCredentials(accessKeyID: "name", secretAccessKey: "hidden", sessionToken: "hidden")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] { #expect(!text.contains("hidden")) }
    }
}
