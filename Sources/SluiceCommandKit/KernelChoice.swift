import ArgumentParser
import SluiceCSV
import SluiceSystem

/// The kernel that a run uses: the best one, or what the environment asks for.
package enum KernelChoice {
    package static func kernel() throws -> Kernel {
        guard let name = System.environment("SLUICE_KERNEL") else { return .best }
        guard let kernel = Kernel.named(name) else { throw ValidationError("SLUICE_KERNEL: no kernel \(name)") }
        return kernel
    }
}
