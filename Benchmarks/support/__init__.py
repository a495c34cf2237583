"""Shared by the benchmark scripts. Uses only Python's standard library."""
