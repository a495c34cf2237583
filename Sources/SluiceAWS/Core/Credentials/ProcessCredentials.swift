import SluicePlatform

/// Credentials that a command prints: `credential_process` of a profile.
struct ProcessCredentials: CredentialProvider {
    private let profile: SharedFiles.Section
    /// The longest time that the command may take.
    private let timeout: Duration

    init(_ profile: SharedFiles.Section, timeout: Duration = .seconds(60)) {
        self.profile = profile
        self.timeout = timeout
    }

    func credentials() async throws(AWSError) -> AWSCredentials? {
        guard let command = profile["credential_process"] else { return nil }
        let timeout = timeout
        let result = await onBlockingThread {
            Result { () throws(System.ShellFault) in
                try System.output(ofShell: command, limit: CredentialDocument.largest, timeout: timeout)
            }
        }
        let place = "credential_process of profile '\(profile.name)'"
        switch result {
        case .success(let output): return try CredentialDocument.read(output, from: place)
        case .failure(.failed): throw .credentials("\(place) failed")
        case .failure(.tooLong): throw .credentials("\(place) wrote more than \(CredentialDocument.largest) bytes")
        case .failure(.timedOut): throw .credentials("\(place) did not end within \(timeout)")
        }
    }
}
