import SluiceJSON

/// AWS Lambda, and the services that invoke the function there.
extension World {
    /// Invokes the function after a delay, and retries twice if that fails. Then the event becomes a dead letter.
    func invoke(_ payload: String, after delay: Int64 = 0) {
        invocations += 1
        let id = "r-\(invocations)"
        spawn { await self.deliver(payload, id, after: delay) }
        if happens(weather.duplicates) {
            let later = delay + Int64(number(0...5000))
            spawn { await self.deliver(payload, id, after: later) }
        }
    }

    /// Invokes the function as an operator does who reads the log: repeatedly, with a pause, while it fails or skips an
    /// object. An object is skipped for another invocation, which may have failed.
    func redo(_ payload: String) {
        spawn {
            var answer: JSONValue?
            for _ in 0..<5 {
                self.invocations += 1
                answer = await self.attempts(payload, "o-\(self.invocations)")
                let objects = answer?["objects"]?.elements
                if let objects, !objects.contains(where: { $0["outcome"]?.text == "skipped" }) { return }
                await self.pass(600_000)
            }
            if answer == nil { self.deadLetters.append(payload) }
        }
    }

    private func deliver(_ payload: String, _ id: String, after delay: Int64) async {
        await pass(delay + Int64(number(0...100)))
        if await attempts(payload, id) != nil { return }
        log("\(id) is a dead letter")
        deadLetters.append(payload)
    }

    /// Invokes the function, and retries twice if that fails. Returns the function's answer.
    private func attempts(_ payload: String, _ id: String) async -> JSONValue? {
        for pause in [60_000, 120_000, nil] as [Int64?] {
            while happens(weather.throttles) { await pass(Int64(number(1000...300_000))) }
            if case .answered(let answer) = await run(payload, id) { return answer }
            if let pause { await pass(pause) }
        }
        return nil
    }

    /// Invokes the function once, and returns the outcome.
    func run(_ payload: String, _ id: String) async -> Process.Outcome {
        await withCheckedContinuation { continuation in
            Process(self, id) { continuation.resume(returning: $0) }.run(payload)
        }
    }

    /// Puts an event into a queue that invokes the function. After a few failures the event becomes a dead letter.
    func enqueue(_ body: String, after delay: Int64) {
        let payload = "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\(JSONWriter.string(body))}]}"
        spawn {
            await self.pass(delay)
            for _ in 0..<5 {
                self.invocations += 1
                if case .answered = await self.run(payload, "q-\(self.invocations)") {
                    // The message is deleted, but may be delivered once more.
                    if !self.happens(self.weather.duplicates) { return }
                }
                await self.pass(90_000)
            }
            self.log("a message of the event queue is a dead letter")
            self.deadLetters.append(payload)
        }
    }
}
