import SluicePlatform

/// Delivers in order what threads complete out of order. Whichever thread completes the next item delivers it.
///
///     thread 1    fills 0 ········· delivers 0, 1     fills 3
///     thread 2    fills 1 ··· submits it   fills 2 ··· delivers 2
///
/// No thread waits for another's turn unless all items are in use. Each thread adds two: one to fill, one that waits.
final class ReorderBuffer<Item: AnyObject>: @unchecked Sendable {
    // Sendable because everything is accessed with the mutex held, and an item only by the thread that acquired it or, once
    // submitted, by the one that delivers it.
    private let mutex = SystemMutex()
    private var free: [Item] = []
    /// Signalled once per free item; each signal wakes one thread.
    private let freed = SystemSemaphore()
    /// Submitted items, at their number modulo the capacity.
    private var submitted: [Item?]
    private var next = 0
    private var isDelivering = false
    /// Threads that wait for their turn.
    private var waiting = 0

    /// A buffer without items, and never with more than `capacity`.
    init(capacity: Int) { submitted = (0..<capacity).map { _ in nil } }

    /// Adds an item, or returns one that was acquired and gets no number.
    func release(_ item: Item) {
        mutex.lock()
        makeFree(item)
        mutex.unlock()
    }

    /// Returns an item to fill, waiting until one is free.
    ///
    /// Acquire the item before taking its number. Otherwise later numbers could hold every item, and the earliest would wait
    /// for ever.
    func acquire() -> Item? {
        freed.wait()
        mutex.lock()
        defer { mutex.unlock() }
        return free.popLast()
    }

    /// Submits the item with that number. If all before it were delivered, delivers it and those submitted after it.
    func submit(_ item: Item, number: Int, deliver: (Item) -> Void) {
        mutex.lock()
        submitted[number % submitted.count] = item
        if !isDelivering { deliverSubmitted(deliver) }
        mutex.unlock()
    }

    /// Waits until all before that number were delivered; then `body` completes the item and delivers it.
    func submitBlocking(_ item: Item, number: Int, deliver: (Item) -> Void, body: (Item) -> Void) {
        mutex.lock()
        waiting += 1
        while next != number || isDelivering { mutex.wait() }
        waiting -= 1
        isDelivering = true
        mutex.unlock()
        body(item)
        mutex.lock()
        isDelivering = false
        next += 1
        makeFree(item)
        deliverSubmitted(deliver)
        mutex.unlock()
    }

    /// Call with the mutex held. It is released while an item is delivered.
    private func deliverSubmitted(_ deliver: (Item) -> Void) {
        isDelivering = true
        while let item = submitted[next % submitted.count] {
            submitted[next % submitted.count] = nil
            mutex.unlock()
            deliver(item)
            mutex.lock()
            next += 1
            makeFree(item)
        }
        isDelivering = false
        // One of them may wait for the number that is now next.
        if waiting > 0 { mutex.signalAll() }
    }

    private func makeFree(_ item: Item) {
        free.append(item)
        freed.signal()
    }
}
