import SluiceSystem

/// Names for what is written before it has its own: `.sluice-4711-0.tmp` beside `orders.json`, with the process's number
/// and the first number that is free.
enum TemporaryName {
    /// Makes something under such a name in the directory of `path`. `make` returns nil if it could not, with the reason
    /// in the system's error number.
    static func make<Made>(
        beside path: String,
        _ make: (_ name: String) throws(SluiceError) -> Made?
    ) throws(SluiceError) -> Made {
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        var number = 0
        while true {
            if let made = try make("\(directory).sluice-\(System.processID)-\(number).tmp") { return made }
            guard System.lastError == System.alreadyExists else {
                throw .cannotCreate(path, System.lastError)
            }
            number += 1
        }
    }
}
