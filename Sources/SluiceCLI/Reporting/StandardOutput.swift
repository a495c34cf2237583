import SluiceEngine

/// Writes lines to standard output, and throws if that fails, which `print` does not report.
package enum StandardOutput {
    package static func write(_ line: String) throws(Failure) {
        let name = "standard output"
        try Failure.naming(name) { () throws(SluiceError) in
            var sink = DescriptorSink(descriptor: 1, path: name)
            try sink.write(Array("\(line)\n".utf8))
        }
    }
}
