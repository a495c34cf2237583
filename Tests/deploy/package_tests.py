"""What tools/package-lambda writes beside the function's zip."""
import hashlib
import json
import unittest
import zipfile

import support

# Of the field e_machine in ELF headers.
MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.zip = support.function_zip()
        with open(cls.zip, "rb") as file:
            cls.digest = hashlib.sha256(file.read()).hexdigest()

    def beside(self, suffix):
        with open(self.zip + suffix, encoding="utf-8") as file:
            return json.load(file)

    def test_the_facts_are_those_of_the_zip(self):
        with zipfile.ZipFile(self.zip) as archive, archive.open("bootstrap") as program:
            machine = int.from_bytes(program.read(20)[18:], "little")
        facts = self.beside(".json")
        self.assertEqual((facts["sha256"], facts["architecture"]), (self.digest, MACHINES[machine]))

    def test_the_bill_of_materials_names_this_zip_and_what_is_in_it(self):
        bill = self.beside(".cdx.json")
        self.assertEqual(bill["metadata"]["component"]["hashes"], [{"alg": "SHA-256", "content": self.digest}])
        self.assertLessEqual({"swift-nio", "swift-runtime", "libzstd"}, {one["name"] for one in bill["components"]})


if __name__ == "__main__":
    unittest.main()
