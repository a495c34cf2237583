import AsyncHTTPClient
import Logging
import SluiceFunction
import SluiceSystem

/// The function on AWS Lambda: the program that the platform starts, `bootstrap`.
@main
struct LambdaMain {
    static func main() async {
        System.letWritesFail()
        guard let address = System.environment("AWS_LAMBDA_RUNTIME_API") else {
            System.printError("sluice-lambda: error: AWS_LAMBDA_RUNTIME_API is not set; AWS Lambda runs this program")
            System.exit(64)
        }
        let client = HTTPClient(configuration: Self.clientConfiguration)
        let status = await run(HTTPRuntimeAPI(address: address, client: client), client)
        // Nothing is under way any more, so a failure to close connections changes nothing.
        try? await client.shutdown()
        System.exit(status)
    }

    /// Runs until a stop is asked for, and returns the status to exit with.
    private static func run(_ api: HTTPRuntimeAPI, _ client: HTTPClient) async -> Int32 {
        let stop = StopSignal()
        let signals = TerminationSignal { stop.request() }
        defer { signals.ignore() }
        var logger = logger(.info)
        do {
            let configuration = try configuration()
            logger = Self.logger(configuration.logLevel)
            let services = Composition.services(configuration, logger)
            try await RuntimeLoop(api, Handler(configuration, services), logger: logger).run(until: stop)
            return 0
        } catch let error as FunctionError {
            logger.critical(
                "cannot start",
                metadata: ["errorType": "\(error.kind.rawValue)", "reason": "\(error.message)"]
            )
            do { try await api.failToStart(with: error) } catch {
                logger.critical("the platform could not be told", metadata: ["reason": "\(error)"])
            }
            return 1
        } catch {
            logger.critical("the platform does not answer", metadata: ["reason": "\(error)"])
            return 1
        }
    }

    private static func configuration() throws(FunctionError) -> Configuration {
        do throws(Configuration.Faults) { return try Configuration(System.environment) } catch {
            throw FunctionError(.configuration, "\(error)")
        }
    }

    private static func logger(_ level: Logger.Level) -> Logger {
        Logger(label: "sluice") { _ in JSONLogHandler(level) }
    }

    private static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        return configuration
    }
}
