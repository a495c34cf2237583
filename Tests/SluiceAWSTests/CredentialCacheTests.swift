import SluiceAWS
import SluiceSystem
import Synchronization
import Testing

/// Gives what it is told to, and counts how often it is asked.
private final class Source: CredentialProvider {
    let state = Mutex((asked: 0, expires: Int64?.none, fails: false))

    func credentials() async throws(AWSError) -> AWSCredentials? {
        // Long enough for others to ask meanwhile.
        for _ in 0..<1000 { await Task.yield() }
        let (asked, expires, fails) = state.withLock { state in
            state.asked += 1
            return state
        }
        if fails { throw AWSError(.credentials, code: "test", message: "no") }
        let expiration = expires.map { CivilTime(seconds: $0) }
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

@Suite struct `The cache of credentials` {
    private let source = Source()
    private let clock = Clock()

    private var cache: CredentialCache {
        CredentialCache(source) { [clock] in CivilTime(seconds: clock.seconds.withLock { $0 }) }
    }

    @Test func `asks once however many want them`() async {
        let cache = cache
        let keys = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try? await cache.credentials().accessKeyID } }
            return await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(keys == ["key1"])
        #expect(source.state.withLock { $0.asked } == 1)
    }

    @Test func `replaces them before they expire`() async throws {
        source.state.withLock { $0.expires = 2000 }
        let cache = cache
        #expect(try await cache.credentials().accessKeyID == "key1")
        clock.seconds.withLock { $0 = 1699 }
        #expect(try await cache.credentials().accessKeyID == "key1")
        clock.seconds.withLock { $0 = 1700 }
        #expect(try await cache.credentials().accessKeyID == "key2")
    }

    @Test func `uses them to their end if no others are to be had`() async throws {
        source.state.withLock { $0.expires = 2000 }
        let cache = cache
        _ = try await cache.credentials()
        source.state.withLock { $0.fails = true }
        clock.seconds.withLock { $0 = 1999 }
        #expect(try await cache.credentials().accessKeyID == "key1")
        clock.seconds.withLock { $0 = 2000 }
        await #expect(throws: AWSError.self) { try await cache.credentials() }
    }

    @Test func `forgets those that were called expired, and only those`() async throws {
        let cache = cache
        let first = try await cache.credentials()
        await cache.drop(AWSCredentials(accessKeyID: "other", secretAccessKey: "s"))
        #expect(try await cache.credentials() == first)
        await cache.drop(first)
        #expect(try await cache.credentials().accessKeyID == "key2")
    }

    @Test func `shows no key`() {
        let credentials = AWSCredentials(accessKeyID: "name", secretAccessKey: "hidden", sessionToken: "hidden")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] { #expect(!text.contains("hidden")) }
    }
}
