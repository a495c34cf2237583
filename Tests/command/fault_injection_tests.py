"""The command while the system fails: no descriptors, little memory, a full disk, errors of single calls, and being killed
at critical moments. In each case it must end with an error and an exit status, no partial file may have the final name, and
no run may hang: each has a bound.

Errors of single calls are injected with strace, which works with static and dynamic programs alike.
"""
import gzip
import os
import pathlib
import pty
import resource
import subprocess
import unittest

from support import SLUICE, InDirectory, run

BOUND = 60  # seconds for a run that takes a fraction of one
CSV = b"a,b\n" + b"".join(b"%d,some text\n" % n for n in range(20_000))
ROWS = b"".join(b'{"a":"%d","b":"some text"}\n' % n for n in range(20_000))


def can_trace():
    try:
        return subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


class Faults(InDirectory):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.csv", CSV)
        os.mkdir(self.path("place"))

    def out(self, name="out"):
        return os.path.join(self.path("place"), name)

    def place(self):
        return sorted(os.listdir(self.path("place")))

    def failed(self, done, *statuses):
        """Requires that the run ended by itself with one of these statuses, and reported an error."""
        self.assertIn(done.returncode, statuses, done.stderr)
        self.assertRegex(done.stderr, rb"error: ")

    def messages(self, name="out"):
        """Requires that the directory holds whole messages, including the manifest."""
        done = run("verify", self.out(name), "--against", self.input)
        self.ended(done, 0)


@unittest.skipUnless(can_trace(), "strace is missing, or may not be used here")
class InjectedCalls(Faults):
    def traced(self, fault, *arguments, path=None, **options):
        """Runs the command with a fault such as `fsync:error=EIO:when=1`, injected in any of its threads."""
        calls = fault.split(":")[0]
        command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={fault}"]
        command += ["-P", path] if path else []
        return subprocess.run([*command, SLUICE, *arguments], capture_output=True, timeout=BOUND, **options)

    COMMITS = ["fsync:when=1", "fsync:when=2", "/^rename", "flock", "exit_group"]

    def test_a_run_that_is_killed_while_it_completes_a_file_leaves_the_old_one_or_the_new_one(self):
        for call in self.COMMITS:
            for old, options in (None, []), (b"old", []), (b"old", ["-j", "1"]):
                name = call.replace("/^", "").replace(":", "-")
                out = self.out(name)
                if old:
                    with open(out, "wb") as file:
                        file.write(old)
                elif os.path.exists(out):
                    os.remove(out)
                calls, _, when = call.partition(":")
                fault = f"{calls}:signal=KILL" + (f":{when}" if when else "")
                done = self.traced(fault, "convert", self.input, "-o", out, *options, *(["--force"] if old else []))
                self.assertEqual(done.returncode, -9, (call, done.stderr))
                if os.path.exists(out):
                    with open(out, "rb") as file:
                        self.assertIn(file.read(), [old, ROWS] if old else [ROWS], call)
                else:
                    self.assertIsNone(old, call)
                # The next run is not hindered by leftovers, and leaves none.
                self.ended(run("convert", self.input, "-o", out, "--force"), 0)
                with open(out, "rb") as file:
                    self.assertEqual(file.read(), ROWS)
                self.assertEqual([n for n in self.place() if n.startswith(".")], [], call)

    def test_a_run_that_is_killed_while_it_completes_a_directory_leaves_the_old_one_or_the_new_one(self):
        for call in "syncfs", "/^rename", "/^unlink", "rmdir", "fsync", "exit_group":
            for force in False, True:
                out = self.out("d")
                if force:
                    self.ended(run("messages", self.input, "-o", out, "--max-bytes", "8192"), 0)
                # The existing output is verified while it is whole, before and after.
                done = self.traced(f"{call}:signal=KILL", "messages", self.input, "-o", out, *(["--force"] if force else []))
                self.assertIn(done.returncode, (-9, 0), (call, done.stderr))
                if force or os.path.exists(out):
                    self.messages("d")
                self.ended(run("messages", self.input, "-o", out, "--force"), 0)
                self.messages("d")
                self.assertEqual(self.place(), ["d"], call)
                subprocess.run(["rm", "-r", out], check=True)

    def test_an_error_while_the_output_is_written_or_completed_leaves_no_file_and_keeps_the_old_one(self):
        for fault, status in [("write:error=ENOSPC:when=1", 74), ("write:error=EIO:when=1", 74), ("write:error=EDQUOT:when=1", 74),
                              ("fsync:error=EIO:when=1", 74), ("fsync:error=ENOSPC:when=1", 74),
                              ("/^rename:error=EACCES", 73), ("/^rename:error=ENOSPC", 73)]:
            for old in None, b"old":
                if old:
                    with open(self.out(), "wb") as file:
                        file.write(old)
                done = self.traced(fault, "convert", self.input, "-j", "1", "-o", self.out(), *(["--force"] if old else []))
                self.failed(done, status)
                self.assertEqual(self.place(), ["out"] if old else [], fault)
                if old:
                    with open(self.out(), "rb") as file:
                        self.assertEqual(file.read(), old)
                    os.remove(self.out())

    def test_an_error_while_messages_are_written_or_completed_leaves_no_directory_and_keeps_the_old_one(self):
        self.ended(run("messages", self.input, "-o", self.out("old")), 0)
        for fault, status in [("write:error=ENOSPC:when=2", 74), ("syncfs:error=EIO", 74), ("/^rename:error=EACCES", 73)]:
            for name in "new", "old":
                done = self.traced(fault, "messages", self.input, "-o", self.out(name), "--force", "--max-bytes", "8192")
                self.failed(done, status)
                self.assertEqual(self.place(), ["old"], fault)
                self.messages("old")

    def test_a_directory_entry_that_may_not_be_on_the_disk_is_an_error(self):
        self.failed(self.traced("fsync:error=EIO:when=2", "convert", self.input, "-o", self.out()), 74)
        with open(self.out(), "rb") as file:
            self.assertEqual(file.read(), ROWS)

    def test_missing_file_system_calls_are_tolerated(self):
        for fault in ["flock:error=ENOLCK", "renameat2:error=ENOSYS", "renameat2:error=EINVAL", "fsync:error=EINVAL",
                      "syncfs:error=ENOSYS"]:
            for _ in range(2):
                self.ended(self.traced(fault, "convert", self.input, "-o", self.out(), "--force"), 0)
                self.ended(self.traced(fault, "messages", self.input, "-o", self.out("d"), "--force"), 0)
            with open(self.out(), "rb") as file:
                self.assertEqual(file.read(), ROWS)
            self.messages("d")
            self.ended(self.traced(fault, "convert", self.input, "-o", self.out("new")), 0)
            self.ended(self.traced(fault, "messages", self.input, "-o", self.out("new-d")), 0)
            self.assertEqual(self.place(), ["d", "new", "new-d", "out"], fault)
            subprocess.run(["rm", "-r", *(self.out(name) for name in self.place())], check=True)

    def test_a_file_whose_mode_cannot_be_kept_is_not_replaced(self):
        with open(self.out(), "wb") as file:
            file.write(b"old")
        os.chmod(self.out(), 0o640)
        self.failed(self.traced("fchmod:error=EPERM", "convert", self.input, "-o", self.out(), "--force"), 73)
        with open(self.out(), "rb") as file:
            self.assertEqual(file.read(), b"old")
        self.assertEqual(self.place(), ["out"])

    def test_interrupted_calls_are_repeated(self):
        for fault, path in ("write:error=EINTR:when=1+2", None), ("read:error=EINTR:when=1+2", self.input):
            with open(self.input, "rb") as file:
                done = self.traced(fault, "convert", "-", "-j", "1", path=path, stdin=file)
            self.assertEqual((done.returncode, done.stdout == ROWS), (0, True), done.stderr)

    def test_a_read_error_is_an_error_with_the_rows_before_it_and_no_file(self):
        zipped = self.write("in.csv.gz", gzip.compress(CSV * 20, 1))
        for when in 1, 2, 3:
            done = self.traced(f"read:error=EIO:when={when}", "convert", zipped, "-o", self.out(), path=zipped)
            self.failed(done, 74)
            self.assertIn(b"Input/output error", done.stderr)
            self.assertEqual(self.place(), [])
        done = self.traced("read:error=EIO:when=2", "messages", zipped, path=zipped)
        self.failed(done, 74)
        self.assertNotIn(b"manifest", done.stdout)
        self.assertNotIn(b"aborted", done.stdout)

    def test_a_file_that_cannot_be_mapped_is_read(self):
        done = self.traced("mmap:error=ENODEV", "convert", self.input, path=self.input)
        self.assertEqual((done.returncode, done.stdout == ROWS), (0, True), done.stderr)


class Scarcity(Faults):
    def limited(self, limits, *arguments, **options):
        def limit():
            for name, value in limits.items():
                resource.setrlimit(name, (value, value))
        return subprocess.run([SLUICE, *arguments], capture_output=True, timeout=BOUND, preexec_fn=limit, **options)

    def test_with_too_few_descriptors_a_run_succeeds_or_reports_an_error(self):
        statuses = set()
        for count in range(3, 16):
            for command in ["convert", self.input, "-o", self.out()], ["messages", self.input, "-o", self.out("d")], \
                    ["convert", "-j", "4", self.input], ["check", self.input]:
                done = self.limited({resource.RLIMIT_NOFILE: count}, *command)
                statuses.add(done.returncode)
                if b"error while loading shared libraries" in done.stderr:
                    continue
                if done.returncode == 0:
                    if command[-1].startswith(self.path("place")):
                        self.assertEqual(len(self.place()), 1)
                        subprocess.run(["rm", "-r", *(self.out(name) for name in self.place())], check=True)
                else:
                    self.failed(done, 66, 73, 74)
                self.assertEqual(self.place(), [])
        self.assertIn(0, statuses)
        self.assertGreater(len(statuses), 1)

    def test_descriptors_are_closed_after_each_input(self):
        inputs = [self.write(f"{n}.csv", b"a,b\n1,2\n") for n in range(200)]
        for command in "convert", "messages", "check":
            self.ended(self.limited({resource.RLIMIT_NOFILE: 16}, command, *inputs), 0)

    def least_memory(self):
        """Returns the smallest limit of address space under which the command ends by itself."""
        return next(size for size in range(4 << 20, 1 << 30, 1 << 19)
                    if self.limited({resource.RLIMIT_AS: size}, "--version").returncode >= 0)

    def test_with_little_memory_a_run_succeeds_or_reports_an_error(self):
        """Small allocations cannot be checked. They use a reserve that large allocations leave free."""
        big = self.write("big.csv", CSV * 3)
        record = self.write("record.csv", b'a\n"' + b"x" * 6_000_000 + b'"\n')
        wide = self.write("wide.csv", b",".join(b"column %d" % n for n in range(50_000)) + b"\n1\n")
        zipped = self.write("big.csv.gz", gzip.compress(CSV * 3, 1))
        file, messages = ["-o", self.out()], ["messages", "--source", "source"]
        least = self.least_memory()
        limits = [least + (more << 20) for more in [*range(8), *(int(8 * 1.25 ** n) for n in range(20))]]
        for arguments, given in (
                (["convert", self.input, *file], None), (["convert", big, "-j", "8", *file], None),
                (["convert", record, *file], None), (["convert", "-", *file], record),
                (["convert", wide, "--ragged", "pad", *file], None), (["convert", zipped, *file], None),
                (["convert", big, "--zstd=5", *file], None), ([*messages, self.input, *file], None),
                ([*messages, big, "--zstd", "-j", "4"], None), ([*messages, record, "--oversize", "offload"], None),
                ([*messages, "-"], big), (["check", big], None)):
            def under(limits):
                with open(given or os.devnull, "rb") as input:
                    done = self.limited(limits, *arguments, stdin=input)
                return done, self.take_contents()
            done, whole = under({})
            self.ended(done, 0)
            expected, statuses = (done.stdout, whole), set()
            for limit in limits:
                done, content = under({resource.RLIMIT_AS: limit})
                statuses.add(done.returncode)
                if done.returncode == 0:
                    self.assertTrue((done.stdout, content) == expected, (arguments, limit))
                else:
                    self.failed(done, 74)
                    self.assertIn(b"not enough memory", done.stderr)
                    self.assertEqual(content, {}, (arguments, limit))
                    self.assertNotIn(b'"manifest"', done.stdout)
            self.assertEqual(statuses, {0, 74}, arguments)

    def take_contents(self):
        """Removes all files at the place, and returns their contents by path."""
        content = {}
        for directory, _, names in os.walk(self.path("place"), topdown=False):
            for name in names:
                path = os.path.join(directory, name)
                with open(path, "rb") as file:
                    content[path] = file.read()
                os.remove(path)
            if directory != self.path("place"):
                os.rmdir(directory)
        return content

    def test_a_terminal_that_hangs_up_ends_the_input_or_is_a_read_error(self):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([SLUICE, "convert", "-", "-o", self.out()], stdin=theirs, stderr=subprocess.PIPE)
        os.close(theirs)
        os.write(ours, b"a\n1\n")
        os.close(ours)
        _, errors = process.communicate(timeout=BOUND)
        # Depending on where it waits, the reader of such a terminal gets an error or the end of the input from Linux.
        self.assertIn(process.returncode, (0, 74), errors)
        self.assertEqual(self.place(), ["out"] if process.returncode == 0 else [])


class FullDisk(Faults):
    def setUp(self):
        super().setUp()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", self.path("place")],
                          capture_output=True).returncode != 0:
            self.skipTest("a small disk can't be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.path("place")], check=True)
        self.big = self.write("big.csv", CSV * 10)

    def test_nothing_is_left_and_the_old_file_stays(self):
        for options in [], ["-j", "1"], ["--zstd=1", "--format", "array"]:
            # Compressed rows of random text are large, too.
            noise = self.write("noise.csv", b"a\n" + b"".join(os.urandom(30).hex().encode() + b"\n" for _ in range(60_000)))
            for old in None, b"old":
                if old:
                    with open(self.out(), "wb") as file:
                        file.write(old)
                done = run("convert", noise, "-o", self.out(), *options, *(["--force"] if old else []))
                self.failed(done, 74)
                self.assertIn(b"No space left on device", done.stderr)
                self.assertEqual(self.place(), ["out"] if old else [])
            os.remove(self.out())

    def test_no_directory_of_messages_is_left(self):
        self.failed(run("messages", self.big, "-o", self.out("d")), 74)
        self.assertEqual(self.place(), [])

    def test_rows_redirected_by_the_shell_end_with_an_error(self):
        with open(self.out(), "wb") as file:
            done = subprocess.run([SLUICE, "convert", self.big], stdout=file, stderr=subprocess.PIPE, timeout=BOUND)
        self.failed(done, 74)


class TwoRuns(Faults):
    def together(self, command, *options):
        """Runs two commands with one output that begin and end together, and returns the results of both."""
        runs = [subprocess.Popen([SLUICE, command, "-", "-o", self.out(), *options], stdin=subprocess.PIPE,
                                 stderr=subprocess.PIPE) for _ in range(2)]
        for number, process in enumerate(runs):
            process.stdin.write(b"a\n" + b"%d\n" % number * 100_000)
            process.stdin.flush()
        for process in runs:
            process.stdin.close()
        ends = []
        for process in runs:
            errors = process.stderr.read()
            ends.append((process.wait(timeout=BOUND), errors))
            process.stderr.close()
        return ends

    def content(self, command):
        if command == "convert":
            with open(self.out(), "rb") as file:
                return file.read()
        self.ended(run("verify", self.out()), 0)
        return b"".join(pathlib.Path(self.out(), name).read_bytes() for name in sorted(os.listdir(self.out())))

    def test_many_runs_that_begin_at_once_do_not_consider_each_other_dead(self):
        for command in "convert", "messages":
            runs = [subprocess.Popen([SLUICE, command, self.input, "-o", self.out()], stderr=subprocess.PIPE) for _ in range(20)]
            ends = [(process.communicate(timeout=BOUND)[1], process.returncode) for process in runs]
            for errors, status in ends:
                self.assertTrue(status == 0 or (status == 73 and b"it already exists" in errors), errors)
            self.assertEqual(sum(status == 0 for _, status in ends), 1)
            self.assertEqual(self.place(), ["out"])
            subprocess.run(["rm", "-r", self.out()], check=True)

    def test_without_force_one_wins_and_the_other_reports_it(self):
        for command in "convert", "messages":
            for _ in range(5):
                ends = self.together(command)
                self.assertEqual(sorted(status for status, _ in ends), [0, 73], ends)
                self.assertIn(b"it already exists", b"".join(errors for _, errors in ends))
                content, winner = self.content(command), [status for status, _ in ends].index(0)
                self.assertEqual(content.count(b'"%d"' % winner if command == "convert" else b'\\"%d\\"' % winner), 100_000)
                self.assertEqual(self.place(), ["out"])
                subprocess.run(["rm", "-r", self.out()], check=True)

    def test_with_force_both_complete_and_one_output_remains_whole(self):
        for command in "convert", "messages":
            self.ended(run(command, self.input, "-o", self.out()), 0)
            for _ in range(5):
                ends = self.together(command, "--force")
                self.assertEqual([status for status, _ in ends], [0, 0], ends)
                counts = [self.content(command).count(b'"%d"' % n if command == "convert" else b'\\"%d\\"' % n) for n in (0, 1)]
                self.assertEqual(sorted(counts), [0, 100_000])
                self.assertEqual(self.place(), ["out"])
            subprocess.run(["rm", "-r", self.out()], check=True)


if __name__ == "__main__":
    unittest.main()
