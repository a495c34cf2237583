"""Runs for which the system allows fewer threads than they request, or none."""
import os
import resource
import shutil
import subprocess
import unittest

from support import BOUND, SLUICE, InDirectory, run

NOBODY = 54_321  # a user without other processes, which would count against the limit


class FewThreads(InDirectory):
    def limited(self, command, processes):
        """Runs a command as a user who may have that many threads."""
        def limit():
            resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
            # Root is exempt from the limit.
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
        return subprocess.run(command, capture_output=True, timeout=BOUND, preexec_fn=limit)

    def setUp(self):
        super().setUp()
        os.chmod(self.directory, 0o755)
        # A place where every user may run it.
        self.command = shutil.copy(SLUICE, self.path("sluice"))
        if self.limited([self.command, "--version"], 100).returncode != 0:
            self.skipTest("no other user can run the command")
        self.assertIn(b"fork", self.limited(["sh", "-c", "true & wait"], 1).stderr)

    def test_the_result_is_the_same_with_no_or_few_threads(self):
        path = self.write("a.csv", b"a,b\n" + b'1,"2,""3"\n' * 400_000)
        for command in (["convert"], ["messages"], ["messages", "--zstd=1"]):
            expected = run(*command, path, "-j", "1")
            self.ended(expected, 0)
            for processes in (1, 2, 3):
                for jobs in ("2", "3", "8"):
                    done = self.limited([self.command, *command, path, "-j", jobs], processes)
                    self.ended(done, 0)
                    self.assertEqual(done.stdout == expected.stdout, True, (command, processes, jobs))

    def test_progress_is_left_out_if_there_is_no_thread_for_it(self):
        path = self.write("a.csv", b"a,b\n1,2\n")
        done = self.limited([self.command, "convert", path, "--progress", "log"], 1)
        self.ended(done, 0)
        self.assertEqual((done.stdout, done.stderr), (b'{"a":"1","b":"2"}\n', b""))


if __name__ == "__main__":
    unittest.main()
