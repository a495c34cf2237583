// Nothing to import: the linker finds the library's definitions.
