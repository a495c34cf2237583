import ArgumentParser
import SluiceCSV
import SluicePlatform

/// The kernel of a run: the best one, or the one that `SLUICE_KERNEL` names.
package enum KernelChoice {
    package static func kernel() throws -> Kernel {
        guard let name = System.environment("SLUICE_KERNEL") else { return .best }
        guard let kernel = Kernel.named(name) else {
            throw ValidationError("SLUICE_KERNEL: there is no kernel \(name)")
        }
        return kernel
    }
}
