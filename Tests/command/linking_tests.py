"""What the command links: Foundation and ICU would cost 45 MB, and shared libraries milliseconds at every start."""
import subprocess
import unittest

from support import SLUICE


class Linking(unittest.TestCase):
    def test_the_command_needs_no_shared_library(self):
        listing = subprocess.run(["ldd", SLUICE], capture_output=True, text=True)
        self.assertIn("not a dynamic executable", listing.stdout + listing.stderr)

    def test_the_command_contains_neither_foundation_nor_icu(self):
        symbols = subprocess.run(["nm", SLUICE], capture_output=True, text=True, check=True).stdout
        # Symbols of Foundation, and of the ICU that comes with it. FoundationEssentials has others.
        for mark in " $s10Foundation", " uloc_", " ucal_":
            self.assertNotIn(mark, symbols)
        self.assertIn(" $s6Sluice", symbols)
