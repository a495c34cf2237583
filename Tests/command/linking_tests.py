"""What the command is made of: Foundation and ICU would cost 45 MB and milliseconds at every start."""
import subprocess
import unittest

from support import SLUICE


class Linking(unittest.TestCase):
    def test_the_command_links_neither_foundation_nor_icu_nor_a_shared_swift_runtime(self):
        libraries = subprocess.run(["ldd", SLUICE], capture_output=True, text=True, check=True).stdout
        for name in "libFoundation", "libicu", "libswift":
            self.assertNotIn(name, libraries)
        symbols = subprocess.run(["nm", SLUICE], capture_output=True, text=True, check=True).stdout
        # Symbols of the module Foundation, and of ICU as Foundation brings it; those of FoundationEssentials differ.
        for mark in " $s10Foundation", " uloc_", " ucal_":
            self.assertNotIn(mark, symbols)
        self.assertIn(" $s6Sluice", symbols)
