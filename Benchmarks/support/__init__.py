"""What the benchmark scripts share. Python standard library only."""
