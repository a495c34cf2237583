// Nothing to import: the library's own definitions are found by the linker.
