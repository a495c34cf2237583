import Dispatch
import SluiceAWS
import SluiceEngine
import Synchronization

/// Runs asynchronous work and blocks the command's own thread until it is done: conversion is synchronous, the network is not.
///
/// The calling thread must not be one that runs tasks. The threads of a command and of Dispatch are not.
enum Blocking {
    static func wait<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let promise = Promise<Value, Failure>()
        _ = start(work, promise)
        return try promise.get()
    }

    /// Waits as `wait(_:)` does, and throws errors as `SluiceError`s about `resource`.
    static func wait<Value: Sendable>(
        about resource: String,
        _ work: @escaping @Sendable () async throws(AWSError) -> Value
    ) throws(SluiceError) -> Value {
        do throws(AWSError) { return try wait(work) } catch { throw error.fault(about: resource) }
    }

    /// Waits as `wait(about:_:)` does, but cancels the work when a signal asks the run to end.
    static func waitUnlessInterrupted<Value: Sendable>(
        about resource: String,
        _ work: @escaping @Sendable () async throws(AWSError) -> Value
    ) throws(SluiceError) -> Value {
        let interruption = Interruption.shared
        try interruption.check()
        let promise = Promise<Value, AWSError>()
        let task = start(work, promise)
        let waker = interruption.onSignal {
            // A pending request may still deliver messages that it has taken from a queue, which can then be returned.
            Task.detached {
                try? await Task.sleep(for: grace)
                task.cancel()
            }
        }
        defer { interruption.forget(waker) }
        do throws(AWSError) { return try promise.get() } catch {
            if error.kind == .cancelled { try interruption.check() }
            throw error.fault(about: resource)
        }
    }

    /// How long to wait for a pending request after a signal.
    private static let grace = Duration.seconds(1)

    private static func start<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () async throws(Failure) -> Value,
        _ promise: Promise<Value, Failure>
    ) -> Task<Void, Never> {
        Task.detached {
            do throws(Failure) { promise.set(.success(try await work())) } catch { promise.set(.failure(error)) }
        }
    }

    private final class Promise<Value: Sendable, Failure: Error>: Sendable {
        private let isThere = DispatchSemaphore(value: 0)
        private let result = Mutex<Result<Value, Failure>?>(nil)

        func set(_ value: Result<Value, Failure>) {
            result.withLock { $0 = value }
            isThere.signal()
        }

        func get() throws(Failure) -> Value {
            while true {
                isThere.wait()
                if let result = result.withLock({ $0 }) { return try result.get() }
            }
        }
    }
}
