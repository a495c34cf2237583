import SluiceSystem

/// Keeps credentials, and fetches new ones before they expire; however many ask, one fetch is under way at a time.
package actor CredentialCache {
    private let provider: any CredentialProvider
    private let now: @Sendable () -> CivilTime
    private var current: AWSCredentials?
    private var fetch: Task<Result<AWSCredentials?, AWSError>, Never>?

    /// Seconds before their end at which credentials are replaced, so that none end on the way.
    private static let margin: Int64 = 300

    package init(_ provider: any CredentialProvider, now: @escaping @Sendable () -> CivilTime = { .now }) {
        self.provider = provider
        self.now = now
    }

    package func credentials() async throws(AWSError) -> AWSCredentials {
        if let current, isGood(current, for: Self.margin) { return current }
        do throws(AWSError) {
            guard let new = try await fetched() else { throw .credentials(Self.nothingFound) }
            return new
        } catch {
            // Those at hand are used to their end if no others are to be had.
            if let current, isGood(current, for: 0) { return current }
            throw error
        }
    }

    /// Forgets credentials that a service called expired.
    package func drop(_ expired: AWSCredentials) {
        if current == expired { current = nil }
    }

    private func isGood(_ credentials: AWSCredentials, for seconds: Int64) -> Bool {
        guard let expiration = credentials.expiration else { return true }
        return now() + seconds < expiration
    }

    private func fetched() async throws(AWSError) -> AWSCredentials? {
        let task = fetch ?? start()
        let result = await task.value
        if fetch == task {
            fetch = nil
            if case .success(let new?) = result { current = new }
        }
        return try result.get()
    }

    /// A task of its own, so that a caller who gives up does not end it for the others.
    private func start() -> Task<Result<AWSCredentials?, AWSError>, Never> {
        let provider = provider
        let task = Task {
            do throws(AWSError) {
                return Result<AWSCredentials?, AWSError>.success(try await provider.credentials())
            } catch {
                return .failure(error)
            }
        }
        fetch = task
        return task
    }

    private static let nothingFound = """
        no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role is given
        """
}
