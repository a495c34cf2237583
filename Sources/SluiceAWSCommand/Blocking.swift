import Dispatch
import Sluice
import SluiceAWS
import Synchronization

/// Waits on the command's own thread for what is done by tasks: conversion is synchronous, the network is not.
///
/// The thread must not be one that runs tasks; those of a command and of Dispatch are not.
enum Blocking {
    static func wait<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(AWSError) -> Value
    ) throws(AWSError) -> Value {
        let answer = Answer<Value>()
        _ = start(work, answer)
        return try answer.get()
    }

    /// The same for the engine, which is told what the work was about.
    static func wait<Value: Sendable>(
        about resource: String,
        _ work: @escaping @Sendable () async throws(AWSError) -> Value
    ) throws(SluiceError) -> Value {
        do throws(AWSError) { return try wait(work) } catch { throw error.fault(about: resource) }
    }

    /// The same for what is cancelled when a signal asks the run to end.
    static func waitUnlessInterrupted<Value: Sendable>(
        about resource: String,
        _ work: @escaping @Sendable () async throws(AWSError) -> Value
    ) throws(SluiceError) -> Value {
        let interruption = Interruption.shared
        try interruption.check()
        let answer = Answer<Value>()
        let task = start(work, answer)
        let waker = interruption.onSignal {
            // Messages that a request under way has taken from a queue may arrive still, and then can be given back.
            Task.detached {
                try? await Task.sleep(for: grace)
                task.cancel()
            }
        }
        defer { interruption.forget(waker) }
        do throws(AWSError) { return try answer.get() } catch {
            if error.kind == .cancelled { try interruption.check() }
            throw error.fault(about: resource)
        }
    }

    /// How long a request is waited for once the run is to end.
    private static let grace = Duration.seconds(1)

    private static func start<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(AWSError) -> Value,
        _ answer: Answer<Value>
    ) -> Task<Void, Never> {
        Task.detached {
            do throws(AWSError) { answer.set(.success(try await work())) } catch { answer.set(.failure(error)) }
        }
    }

    private final class Answer<Value: Sendable>: Sendable {
        private let isThere = DispatchSemaphore(value: 0)
        private let result = Mutex<Result<Value, AWSError>?>(nil)

        func set(_ value: Result<Value, AWSError>) {
            result.withLock { $0 = value }
            isThere.signal()
        }

        func get() throws(AWSError) -> Value {
            while true {
                isThere.wait()
                if let result = result.withLock({ $0 }) { return try result.get() }
            }
        }
    }
}
