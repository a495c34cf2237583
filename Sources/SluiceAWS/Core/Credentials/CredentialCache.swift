import SluicePlatform

/// Caches credentials, and fetches new ones before they expire.
///
/// At most one fetch runs at a time, however many callers wait. While there are credentials, fetches start at least a minute
/// apart. So credentials that last for less than the margin below are not fetched anew for each request.
///
///     more than 5 minutes left     returns the present credentials
///     more than 1 minute left      returns the present credentials, while new ones are fetched
///     less                         returns new credentials
package actor CredentialCache {
    private let provider: any CredentialProvider
    private let now: @Sendable () -> Timestamp
    private var current: AWSCredentials?
    private var fetch: Task<Result<AWSCredentials?, AWSError>, Never>?
    private var lastFetch: Timestamp?

    /// How many seconds before their expiration credentials are replaced.
    private static let margin: Int64 = 300
    /// How many seconds a request may take. Credentials that expire sooner are not used if others can be obtained.
    private static let shortest: Int64 = 60
    /// The least number of seconds between the starts of two fetches.
    private static let interval: Int64 = 60

    package init(_ provider: any CredentialProvider, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.provider = provider
        self.now = now
    }

    package func credentials() async throws(AWSError) -> AWSCredentials {
        if let current {
            if isGood(current, for: Self.margin) { return current }
            let isTooEarly = lastFetch.map { now() < $0 + Self.interval } ?? false
            if isGood(current, for: Self.shortest) {
                if fetch == nil, !isTooEarly { _ = start() }
                return current
            }
            // Do not ask a provider again too early because its credentials expire at once. If they have expired, the
            // service reports it, and they are dropped.
            if isTooEarly, fetch == nil { return current }
        }
        do throws(AWSError) {
            guard let new = try await (fetch ?? start()).value.get() else { throw .credentials(Self.nothingFound) }
            return new
        } catch {
            // If no others can be obtained, the present credentials are used until they expire.
            if let current, isGood(current, for: 0) { return current }
            throw error
        }
    }

    /// Drops credentials that a service reported as expired.
    package func drop(_ expired: AWSCredentials) {
        if current == expired { current = nil }
    }

    private func isGood(_ credentials: AWSCredentials, for seconds: Int64) -> Bool {
        guard let expiration = credentials.expiration else { return true }
        return now() + seconds < expiration
    }

    /// Fetches in a task of its own, so that a caller's cancellation does not end the fetch for the others.
    private func start() -> Task<Result<AWSCredentials?, AWSError>, Never> {
        let provider = provider
        lastFetch = now()
        let task = Task {
            let result: Result<AWSCredentials?, AWSError>
            do throws(AWSError) { result = .success(try await provider.credentials()) } catch {
                result = .failure(error)
            }
            settle(result)
            return result
        }
        fetch = task
        return task
    }

    private func settle(_ result: Result<AWSCredentials?, AWSError>) {
        fetch = nil
        if case .success(let new?) = result { current = new }
    }

    private static let nothingFound = """
        no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run with an IAM role
        """
}
