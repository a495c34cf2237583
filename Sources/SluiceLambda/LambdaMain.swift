import AsyncHTTPClient
import Logging
import SluicePipeline
import SluicePlatform

/// The function's program, `bootstrap`, as started by AWS Lambda. Started otherwise, it serves events on this machine.
@main
struct LambdaMain {
    static func main() async {
        System.ignoreSIGPIPE()
        System.exit(await status())
    }

    /// Runs until a stop is requested, and returns the exit status.
    private static func status() async -> Int32 {
        guard let address = System.environment("AWS_LAMBDA_RUNTIME_API") else { return await serveLocally() }
        let client = HTTPClient(configuration: Self.clientConfiguration)
        let status = await run(HTTPRuntimeAPI(address: address, client: client))
        // All work is done, so an error while closing connections has no effect.
        try? await client.shutdown()
        return status
    }

    private static func serveLocally() async -> Int32 {
        let name = "LOCAL_LAMBDA_PORT"
        let text = System.environment(name) ?? "\(LocalServer.defaultPort)"
        guard let port = UInt16(text) else {
            return fail(64, "\(name) is '\(text)'; it takes a number from 0, for any free port, to 65535")
        }
        let api = LocalRuntimeAPI()
        do {
            let server = try await LocalServer(port: Int(port), for: api)
            System.printError("sluice-lambda: AWS_LAMBDA_RUNTIME_API is not set, so events are served at \(server.url)")
        } catch {
            return fail(69, "cannot listen on port \(port), which \(name) can change: \(error)")
        }
        return await run(api)
    }

    private static func fail(_ status: Int32, _ message: String) -> Int32 {
        System.printError("sluice-lambda: error: \(message)")
        return status
    }

    private static func run(_ api: some RuntimeAPI) async -> Int32 {
        let stop = StopSignal()
        let signals = TerminationSignal { stop.request() }
        defer { signals.ignore() }
        var logger = logger(.info)
        do {
            let configuration = try configuration()
            logger = Self.logger(configuration.logLevel)
            let handler = Handler(configuration, AWSServices(configuration, logger))
            try await handler.readSchemas(logger: logger)
            try await RuntimeLoop(api, handler, logger: logger).run(until: stop)
            return 0
        } catch let error as FunctionError {
            logger.critical(
                "cannot start",
                metadata: ["errorType": "\(error.kind.rawValue)", "reason": "\(error.message)"]
            )
            do { try await api.failToStart(with: error) } catch {
                logger.critical("the platform could not be notified", metadata: ["reason": "\(error)"])
            }
            return 1
        } catch {
            logger.critical("the platform does not respond", metadata: ["reason": "\(error)"])
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
