import Dispatch
import SluicePlatform

/// Credentials of the profile `AWS_PROFILE`, or `default`, in the shared files: keys, or a command that prints them.
package struct ProfileCredentials: CredentialProvider {
    private let environment: AWSEnvironment
    /// The longest time that a command may take.
    private let timeout: Duration

    package init(_ environment: AWSEnvironment, timeout: Duration = .seconds(60)) {
        self.environment = environment
        self.timeout = timeout
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        let profile = ProfileFile(environment)
        guard profile.exists else {
            if environment["AWS_PROFILE"] == nil { return nil }
            throw .credentials("AWS_PROFILE: no profile '\(profile.name)' in the shared files")
        }
        if let key = profile["aws_access_key_id"] {
            guard let secret = profile["aws_secret_access_key"] else {
                throw .credentials("profile '\(profile.name)' has aws_access_key_id but no aws_secret_access_key")
            }
            return AWSCredentials(
                accessKeyID: key,
                secretAccessKey: secret,
                sessionToken: profile["aws_session_token"],
                expiration: nil
            )
        }
        if let command = profile["credential_process"] { return try await run(command, of: profile.name) }
        for other in ["role_arn", "sso_session", "sso_start_url"] where profile[other] != nil {
            throw .credentials(
                "profile '\(profile.name)' has \(other), which is not supported; instead: "
                    + "credential_process = aws configure export-credentials --profile \(profile.name)"
            )
        }
        return nil
    }

    private func run(_ command: String, of profile: String) async throws(AWSError) -> AWSCredentials {
        let timeout = timeout
        let result: Result<[UInt8], System.ShellFault> = await withCheckedContinuation { continuation in
            // This blocks a thread, possibly for seconds.
            DispatchQueue.global().async {
                continuation.resume(
                    returning: Result { () throws(System.ShellFault) in
                        try System.output(ofShell: command, limit: CredentialDocument.largest, timeout: timeout)
                    }
                )
            }
        }
        let place = "credential_process of profile '\(profile)'"
        switch result {
        case .success(let output): return try CredentialDocument.read(output, from: place)
        case .failure(.failed): throw .credentials("\(place) failed")
        case .failure(.tooLong): throw .credentials("\(place) wrote more than \(CredentialDocument.largest) bytes")
        case .failure(.timedOut): throw .credentials("\(place) did not end within \(timeout)")
        }
    }
}
