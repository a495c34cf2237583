"""The products that `tools/sluice` builds before it runs the command."""
import os
import shutil
import stat
import subprocess

from support import InDirectory

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "sluice")


class Scripts(InDirectory):
    def builds(self, *arguments):
        """Returns the products that it builds, as recorded by a stand-in for tools/build."""
        log = os.path.join(self.directory, "log")
        build = self.write("build", f'#!/bin/sh\necho "${{1:-sluice}}" >>{log}\necho true\n'.encode())
        os.chmod(build, os.stat(build).st_mode | stat.S_IXUSR)
        subprocess.run([shutil.copy(SCRIPT, self.directory), *arguments], check=True)
        with open(log) as file:
            products = file.read().split()
        os.remove(log)
        return products

    def test_sluice_aws_is_built_only_for_commands_that_need_it(self):
        for arguments in (["send"], ["receive"], ["verify", "--queue-url", "orders"], ["verify", "--queue-url=orders"],
                          ["check", "s3://bucket/key"]):
            self.assertEqual(self.builds(*arguments), ["sluice-aws", "sluice"], arguments)
        for arguments in ["verify", "messages.ndjson"], ["convert", "orders.csv"], []:
            self.assertEqual(self.builds(*arguments), ["sluice"], arguments)
