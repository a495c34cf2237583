import Logging
import SluicePlatform

/// Handles invocations one after the other.
package struct RuntimeLoop<API: RuntimeAPI, Services: FunctionServices>: Sendable {
    private let api: API
    private let handler: Handler<Services>
    private let logger: Logger

    package init(_ api: API, _ handler: Handler<Services>, logger: Logger) {
        self.api = api
        self.handler = handler
        self.logger = logger
    }

    /// Runs until a stop is requested. An invocation that has begun is completed first.
    ///
    /// - Throws: what the API throws. Since it runs on the same machine, its failure is final.
    package func run(until stop: StopSignal) async throws {
        var isColdStart = true
        while let invocation = try await stop.unlessStopped({ try await api.next() }) {
            let outcome: Result<[UInt8], FunctionError>
            do throws(FunctionError) {
                let result = try await handler.handle(invocation, isColdStart: isColdStart, logger: logger)
                outcome = .success(result)
            } catch {
                outcome = .failure(error)
            }
            switch outcome {
            case .success(let result): try await api.respond(to: invocation.requestID, with: result)
            case .failure(let error): try await api.fail(invocation.requestID, with: error)
            }
            isColdStart = false
        }
        logger.info("stopped")
    }
}
