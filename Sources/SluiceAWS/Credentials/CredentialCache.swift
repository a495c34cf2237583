import SluiceSystem

/// Keeps credentials, and fetches new ones before they expire.
///
/// However many ask, one fetch is under way at a time, and fetches begin at least a minute apart while there are credentials
/// at hand. So credentials that live for less than the margin below are not fetched anew at each request.
///
///     more than 5 minutes left     what is at hand
///     more than 1 minute left      what is at hand, while new ones are fetched
///     less                         new ones
package actor CredentialCache {
    private let provider: any CredentialProvider
    private let now: @Sendable () -> CivilTime
    private var current: AWSCredentials?
    private var fetch: Task<Result<AWSCredentials?, AWSError>, Never>?
    private var lastFetch: CivilTime?

    /// Seconds before their end from which on credentials are replaced.
    private static let margin: Int64 = 300
    /// Seconds that a request may take: credentials with less to go are not used if others are to be had.
    private static let shortest: Int64 = 60
    /// Seconds between the beginnings of fetches.
    private static let interval: Int64 = 60

    package init(_ provider: any CredentialProvider, now: @escaping @Sendable () -> CivilTime = { .now }) {
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
            // A provider whose credentials end at once is asked no more often for that. If they have ended, the service
            // says so, and they are dropped.
            if isTooEarly, fetch == nil { return current }
        }
        do throws(AWSError) {
            guard let new = try await (fetch ?? start()).value.get() else { throw .credentials(Self.nothingFound) }
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

    /// Fetches in a task of its own, so that a caller who gives up does not end it for the others.
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
        no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role is given
        """
}
