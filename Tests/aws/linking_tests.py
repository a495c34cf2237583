"""What the commands link: the HTTP client only where it is needed, and never Foundation or ICU."""
import os
import subprocess
import unittest

from support import SLUICE


AWS = os.path.join(os.path.dirname(SLUICE), "sluice-aws")


class Linking(unittest.TestCase):
    def test_both_print_the_same_version(self):
        versions = [subprocess.run([path, "--version"], capture_output=True, check=True).stdout for path in (SLUICE, AWS)]
        self.assertEqual(versions[0], versions[1])
        self.assertTrue(versions[0].startswith(b"sluice "))

    def test_only_sluice_aws_has_an_http_client_and_neither_has_foundation(self):
        for path, has_client in (SLUICE, False), (AWS, True):
            symbols = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
            self.assertEqual(" $s15AsyncHTTPClient" in symbols, has_client)
            # Symbols of Foundation, and of the ICU that comes with it. FoundationEssentials has others.
            for mark in " $s10Foundation", " uloc_", " ucal_":
                self.assertNotIn(mark, symbols)
            # For a static program, ldd prints that it is not dynamic.
            libraries = subprocess.run(["ldd", path], capture_output=True, text=True).stdout
            for name in "libFoundation", "libicu", "libswift":
                self.assertNotIn(name, libraries)
