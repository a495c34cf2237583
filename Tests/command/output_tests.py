"""Where output goes: -o, --force, full disks, closed pipes, signals."""
import os
import re
import resource
import shutil
import signal
import subprocess
import unittest

from support import BOUND, SLUICE, InDirectory, run, until

ROWS = b'{"a":"1"}\n{"a":"2"}\n'


class Output(InDirectory):
    def setUp(self):
        super().setUp()
        self.input = self.write("in.csv", b"a\n1\n2\n")
        self.bad = self.write("bad.csv", b'a\n1\n2"\n')

    def convert(self, *arguments, **options):
        return run("convert", self.input, *arguments, **options)

    def test_a_complete_file_is_written_and_nothing_else_is_left(self):
        done = self.convert("-o", self.path("out"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        self.assertEqual((self.read("out"), self.files()), (ROWS, ["bad.csv", "in.csv", "out"]))
        umask = os.umask(0)
        os.umask(umask)
        self.assertEqual(os.stat(self.path("out")).st_mode & 0o777, 0o666 & ~umask)
        self.ended(run("convert", "in.csv", "--output", "plain", cwd=self.directory), 0)
        self.assertEqual(self.read("plain"), ROWS)

    def test_a_dash_is_standard_output(self):
        self.assertEqual(self.convert("-o", "-").stdout, ROWS)

    def test_an_existing_file_is_refused_before_anything_is_read_and_replaced_only_with_force(self):
        out = self.write("out", b"old")
        done = run("convert", "no such file", "-o", out)
        self.ended(done, 73)
        self.assertIn(b"it already exists; to replace it: --force", done.stderr)
        self.assertEqual(self.read("out"), b"old")
        self.ended(self.convert("-o", out, "--force"), 0)
        self.assertEqual(self.read("out"), ROWS)

    def test_a_file_that_appears_in_the_meantime_is_not_replaced(self):
        out = self.path("out")
        process = subprocess.Popen([SLUICE, "convert", "-", "-o", out], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(b"a\n1\n")
        process.stdin.flush()
        self.wait_for_temporary()
        self.write("out", b"another's")
        _, errors = process.communicate(timeout=BOUND)
        self.assertEqual(process.returncode, 73, errors)
        self.assertEqual((self.read("out"), self.files()), (b"another's", ["bad.csv", "in.csv", "out"]))

    def test_a_link_stays_and_its_target_is_replaced(self):
        target = self.write("target", b"old")
        os.symlink(target, self.path("link"))
        self.ended(self.convert("-o", self.path("link")), 73)
        self.ended(self.convert("-o", self.path("link"), "--force"), 0)
        self.assertTrue(os.path.islink(self.path("link")))
        self.assertEqual(self.read("target"), ROWS)

    def test_a_replaced_file_keeps_its_mode_and_owner(self):
        out = self.write("out", b"old")
        for mode in 0o600, 0o640, 0o444, 0o755:
            os.chmod(out, mode)
            self.ended(self.convert("-o", out, "--force"), 0)
            self.assertEqual((os.stat(out).st_mode & 0o7777, self.read("out")), (mode, ROWS))
        if os.geteuid() == 0:
            os.chown(out, 65534, 65533)
            os.chmod(out, 0o4640)
            self.ended(self.convert("-o", out, "--force"), 0)
            status = os.stat(out)
            self.assertEqual((status.st_uid, status.st_gid, status.st_mode & 0o7777), (65534, 65533, 0o4640))

    def test_an_output_that_cannot_keep_its_owner_or_group_is_not_replaced(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("only root can have files of others here")
        os.chmod(self.directory, 0o777)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SLUICE]
        if subprocess.run([*nobody, "--version"], capture_output=True).returncode != 0:
            self.skipTest("no other user can run the command")
        self.ended(run("messages", self.input, "-o", self.path("dir")), 0)
        self.write("file", b"old")
        for command, out in ("convert", "file"), ("messages", "dir"):
            for owner, group in (1234, 2345), (1234, 65534), (65534, 2345):
                os.chown(self.path(out), owner, group)
                os.chmod(self.path(out), 0o755)
                before = self.files()
                done = subprocess.run([*nobody, command, self.input, "-o", self.path(out), "--force"],
                                      capture_output=True, timeout=BOUND)
                self.ended(done, 73)
                self.assertIn(b"can't have the same owner, group and mode: Operation not permitted; remove it first",
                              done.stderr)
                status = os.stat(self.path(out))
                self.assertEqual((status.st_uid, status.st_gid, status.st_mode & 0o7777), (owner, group, 0o755))
                self.assertEqual(self.files(), before)
            os.chown(self.path(out), 65534, 65534)
            done = subprocess.run([*nobody, command, self.input, "-o", self.path(out), "--force"],
                                  capture_output=True, timeout=BOUND)
            self.ended(done, 0)
            self.assertEqual(os.stat(self.path(out)).st_mode & 0o7777, 0o755)
        self.assertEqual(self.read("file"), ROWS)

    def test_a_directory_of_messages_keeps_its_mode(self):
        out = self.path("out")
        for _ in range(2):
            self.ended(run("messages", self.input, "-o", out, "--force"), 0)
            os.chmod(out, 0o700)
        self.ended(run("messages", self.input, "-o", out, "--force"), 0)
        self.assertEqual(os.stat(out).st_mode & 0o7777, 0o700)

    def test_no_other_user_can_read_the_replacement_of_a_private_file_while_it_is_written(self):
        out = self.write("out", b"old")
        os.chmod(out, 0o600)
        process = subprocess.Popen([SLUICE, "convert", "-", "-o", out, "--force"], stdin=subprocess.PIPE)
        self.assertEqual(os.stat(self.path(self.wait_for_temporary())).st_mode & 0o7777, 0o600)
        process.communicate(b"a\n1\n2\n", timeout=60)
        self.assertEqual((process.returncode, self.read("out")), (0, ROWS))

    def test_a_dangling_link_stays_and_its_target_is_created(self):
        os.mkdir(self.path("sub"))
        for name, target in ("absolute", self.path("sub/one")), ("relative", "sub/two"), ("chain", "relative2"):
            os.symlink(target, self.path(name))
        os.symlink("sub/three", self.path("relative2"))
        for name, created in ("absolute", "sub/one"), ("relative", "sub/two"), ("chain", "sub/three"):
            self.ended(self.convert("-o", self.path(name)), 0)
            self.assertTrue(os.path.islink(self.path(name)))
            self.assertEqual(self.read(created), ROWS)
        os.symlink("loop", self.path("loop"))
        self.ended(self.convert("-o", self.path("loop")), 73)
        self.assertEqual(sorted(os.listdir(self.path("sub"))), ["one", "three", "two"])

    def test_no_input_is_ever_overwritten(self):
        """Under any name, and even with --force: a file is identified by its device and inode."""
        os.link(self.input, self.path("hard"))
        os.symlink("in.csv", self.path("soft"))
        for inputs in [[self.input], [self.bad, self.input], [self.path("hard")], [self.path("soft")], ["./in.csv"]]:
            for output in "in.csv", self.path("hard"), self.path("soft"), "../" + os.path.basename(self.directory) + "/in.csv":
                for command in "convert", "messages":
                    for options in [], ["--force"]:
                        done = run(command, *inputs, "-o", output, *options, cwd=self.directory)
                        self.assertEqual((done.returncode, done.stdout), (64, b""), done.stderr)
                        self.assertIn(b"it is the input ", done.stderr)
                        self.assertEqual(self.read("in.csv"), b"a\n1\n2\n")
        self.assertEqual(self.files(), ["bad.csv", "hard", "in.csv", "soft"])

    def test_standard_input_is_an_input_and_standard_output_an_output_too(self):
        with open(self.input, "rb") as file:
            done = run("convert", "-", "-o", self.input, "--force", stdin=file)
        self.ended(done, 64)
        self.assertIn(b"it is the input standard input", done.stderr)
        with open(self.input, "ab") as file:
            done = subprocess.run([SLUICE, "convert", self.input], stdout=file, stderr=subprocess.PIPE, timeout=60)
        self.ended(done, 64)
        self.assertTrue(done.stderr.startswith(b"standard output: error: it is the input "), done.stderr)
        self.assertEqual(self.read("in.csv"), b"a\n1\n2\n")

    def test_a_directory_that_holds_an_input_is_not_replaced(self):
        os.mkdir(self.path("dir"))
        os.rename(self.input, self.path("dir/00000000.json"))
        os.link(self.path("dir/00000000.json"), self.path("other.csv"))
        for name in "dir/00000000.json", "other.csv":
            done = run("messages", self.path(name), "-o", self.path("dir"), "--force")
            self.ended(done, 64)
            self.assertIn(b"it contains the input ", done.stderr)
        self.assertEqual(self.read("dir/00000000.json"), b"a\n1\n2\n")

    def test_an_input_that_looks_like_a_leftover_of_a_killed_run_stays(self):
        name = ".out.sluice-0badcafe.tmp"
        temporary = self.write(name, b"a\n1\n2\n")
        os.symlink(name, self.path("soft"))
        for command in "convert", "messages":
            for inputs in [temporary], [self.path("soft")], ["-"], [self.input, temporary]:
                with open(temporary, "rb") as file:
                    self.ended(run(command, *inputs, "-o", self.path("out"), "--force", stdin=file), 0)
                self.assertEqual(self.read(name), b"a\n1\n2\n", (command, inputs))
            (shutil.rmtree if command == "messages" else os.remove)(self.path("out"))
        os.link(temporary, self.path("hard"))
        self.ended(run("convert", self.path("hard"), "-o", self.path("out")), 0)
        self.assertIn(name, self.files())

    def test_an_input_in_a_directory_that_looks_like_a_leftover_of_a_killed_run_stays(self):
        os.mkdir(self.path(".out.sluice-0badcafe.tmp"))
        name = ".out.sluice-0badcafe.tmp/00000000.json"
        for path in self.write(name, b"a\n1\n"), self.path("soft"):
            if not os.path.exists(path):
                os.symlink(name, path)
            for command in "messages", "convert":
                self.ended(run(command, path, "-o", self.path("out"), "--force"), 0)
                self.assertEqual(self.read(name), b"a\n1\n")
                (shutil.rmtree if command == "messages" else os.remove)(self.path("out"))

    def test_other_files_with_the_name_of_a_leftover_stay(self):
        os.mkfifo(self.path(".out.sluice-00000001.tmp"))
        os.symlink("in.csv", self.path(".out.sluice-00000002.tmp"))
        os.mkdir(self.path(".out.sluice-00000003.tmp"))
        self.write(".out.sluice-00000003.tmp/00000000.json", b"mine")
        self.write(".out.sluice-00000003.tmp/mine", b"mine")
        if os.geteuid() == 0:
            os.chown(self.write(".out.sluice-00000004.tmp", b"another user's"), 65534, 65534)
        before = self.files()
        for command in "convert", "messages":
            self.ended(run(command, self.input, "-o", self.path("out")), 0)
            (shutil.rmtree if command == "messages" else os.remove)(self.path("out"))
            self.assertEqual(self.files(), before)
        self.assertEqual(sorted(os.listdir(self.path(".out.sluice-00000003.tmp"))), ["00000000.json", "mine"])

    def test_a_directory_of_messages_exists_at_every_moment_while_it_is_replaced(self):
        out = self.path("out")
        self.ended(run("messages", self.input, "-o", out), 0)
        for _ in range(20):
            process = subprocess.Popen([SLUICE, "messages", self.input, "-o", out, "--force"])
            while process.poll() is None:
                self.assertTrue(os.path.isdir(out))
            self.assertEqual(process.returncode, 0)
        self.assertEqual(self.files(), ["bad.csv", "in.csv", "out"])

    def test_advice_for_a_directory_that_is_in_the_way_works(self):
        os.mkdir(self.path("out"))
        self.write("out/00000000.json", b"")
        self.assertIn(b"--force", run("messages", self.input, "-o", self.path("out")).stderr)
        self.write("out/mine", b"")
        for options in [], ["--force"]:
            done = run("messages", self.input, "-o", self.path("out"), *options)
            self.ended(done, 73)
            self.assertIn(b"it contains files other than messages, which are not replaced; name another directory", done.stderr)
            done = run("messages", self.bad, "-o", self.input, *options)
            self.ended(done, 73)
            self.assertIn(b"Not a directory", done.stderr)

    def test_an_error_leaves_no_file_and_keeps_the_old_one(self):
        self.ended(run("convert", self.bad, "-o", self.path("out")), 65)
        self.assertEqual(self.files(), ["bad.csv", "in.csv"])
        self.write("out", b"old")
        self.ended(run("convert", self.bad, "-o", self.path("out"), "--force"), 65)
        self.assertEqual((self.read("out"), self.files()), (b"old", ["bad.csv", "in.csv", "out"]))

    def test_a_directory_or_a_missing_directory_cannot_be_created(self):
        self.ended(self.convert("-o", self.directory), 73)
        self.ended(self.convert("-o", self.path("no/out")), 73)
        done = self.convert("-o", self.path("no/out"), "--summary", "json")
        self.assertEqual(self.error(done), {"code": "cannotCreate", "file": self.path("no/out"),
                                            "message": "create: No such file or directory"})

    def test_an_empty_path_is_a_usage_error(self):
        self.ended(self.convert("-o", ""), 64)

    def test_without_a_standard_output_it_fails_and_without_a_standard_error_the_output_is_whole(self):
        script = '"$0" convert "$1" >&-'
        self.ended(subprocess.run(["bash", "-c", script, SLUICE, self.input], capture_output=True, timeout=BOUND), 74)
        script = '"$0" convert "$1" --summary text -o "$2" 2>&-'
        arguments = ["bash", "-c", script, SLUICE, self.input, self.path("out")]
        self.ended(subprocess.run(arguments, capture_output=True, timeout=BOUND), 0)
        self.assertEqual(self.read("out"), ROWS)

    def test_a_device_is_written_to_directly(self):
        self.ended(self.convert("-o", "/dev/null"), 0)
        self.assertEqual(self.convert("-o", "/dev/stdout").stdout, ROWS)

    def test_an_open_file_is_written_to_and_never_replaced_by_name(self):
        os.symlink("/dev/stdout", self.path("link"))
        for name in "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/fd/{}", self.path("link"):
            for options in [], ["--force"]:
                log = self.write("log", b"before\n")
                with open(log, "ab") as file:
                    number = file.fileno()
                    done = subprocess.run([SLUICE, "convert", self.input, "-o", name.format(number), *options], stdout=file,
                                          stderr=subprocess.PIPE, timeout=BOUND, pass_fds=[number])
                    self.ended(done, 0)
                    self.assertEqual(os.fstat(file.fileno()).st_nlink, 1)
                self.assertEqual(self.read("log"), b"before\n" + ROWS)
        self.ended(self.convert("-o", "/dev/fd/99"), 73)
        with open(self.input, "ab") as file:
            done = subprocess.run([SLUICE, "convert", self.input, "-o", "/dev/stdout"], stdout=file, stderr=subprocess.PIPE,
                                  timeout=BOUND)
        self.ended(done, 64)

    def test_a_full_disk_ends_with_74(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full here")
        for options in [], ["--zstd"], ["-j", "1"]:
            done = self.convert("-o", "/dev/full", "--summary", "json", *options)
            self.ended(done, 74)
            self.assertEqual(self.error(done), {"code": "io", "file": "/dev/full",
                                                "message": "write: No space left on device"})

    def test_a_file_that_cannot_grow_is_removed(self):
        """As on a disk that becomes full halfway."""
        big = self.write("big.csv", b"a\n" + b"1\n" * 1_000_000)
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))  # noqa: E731
        done = run("convert", big, "-o", self.path("out"), preexec_fn=limit)
        self.ended(done, 74)
        self.assertIn(b"write: File too large", done.stderr)
        self.assertEqual(self.files(), ["bad.csv", "big.csv", "in.csv"])

    def wait_for_temporary(self, output="out"):
        """Waits until a run writes, and returns the name of its temporary file."""
        pattern = re.compile(rf"\.{re.escape(output)}\.sluice-[0-9a-f]{{8}}\.tmp")
        names = lambda: [name for name in self.files() if pattern.fullmatch(name)]  # noqa: E731
        until(names, "the temporary file")
        return names()[0]

    def test_the_next_run_to_the_same_output_removes_the_leftovers_of_a_killed_run_and_nothing_else(self):
        others = [".out.sluice-12345678.tmp~", ".out.sluice-1234567.tmp", ".out.sluice-1234567g.tmp", "out.tmp",
                  ".other.sluice-12345678.tmp", ".sluice-4711-0.tmp"]
        for name in others:
            self.write(name, b"mine")
        living = subprocess.Popen([SLUICE, "convert", "-", "-o", self.path("out")], stdin=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
        self.wait_for_temporary()
        for command, out in ("convert", "out"), ("messages", "dir"):
            before = self.files()
            dead = subprocess.Popen([SLUICE, command, "-", "-o", self.path(out)], stdin=subprocess.PIPE)
            # More than a pipe holds: when the command reads it, its temporary file is locked.
            dead.stdin.write(b"a\n" + b"1\n" * 200_000)
            dead.stdin.flush()
            dead.kill()
            dead.wait(timeout=BOUND)
            dead.stdin.close()
            self.assertEqual(len(self.files()), len(before) + 1)
            self.ended(run(command, self.input, "-o", self.path(out)), 0)
            self.assertEqual(self.files(), sorted([*before, out]))
        _, errors = living.communicate(b"a\n1\n", timeout=BOUND)
        self.assertEqual(living.returncode, 73, errors)
        self.assertIn(b"it already exists", errors)
        self.assertEqual((self.read("out"), self.files()), (ROWS, sorted(["bad.csv", "dir", "in.csv", "out", *others])))

    def test_a_signal_removes_the_temporary_file_and_ends_the_process(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGABRT, signal.SIGILL, signal.SIGSEGV:
            process = subprocess.Popen([SLUICE, "convert", "-", "-o", self.path("out")], stdin=subprocess.PIPE)
            process.stdin.write(b"a\n1\n")
            process.stdin.flush()
            self.wait_for_temporary()
            # More than a pipe holds: when the command reads rows, its temporary file is registered.
            process.stdin.write(b"1\n" * 1_000_000)
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=BOUND), -number)
            try:
                process.stdin.close()
            except BrokenPipeError:
                pass
            self.assertEqual(self.files(), ["bad.csv", "in.csv"])

    def test_a_signal_removes_incomplete_messages(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            process = subprocess.Popen([SLUICE, "messages", "-", "-o", self.path("out"), "--max-bytes", "65536"],
                                       stdin=subprocess.PIPE)
            # More than a pipe and a segment hold: when the command reads that much, it writes messages.
            process.stdin.write(b"a\n" + b"some text\n" * 2_000_000)
            process.stdin.flush()
            temporary = self.path(self.wait_for_temporary())
            until(lambda: len(os.listdir(temporary)) > 10, "messages")
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=BOUND), -number)
            process.stdin.close()
            self.assertEqual(self.files(), ["bad.csv", "in.csv"])

    def test_a_closed_pipe_ends_quietly_with_141_as_other_tools_in_a_pipe_do(self):
        for options in "", "--zstd", "--format array --summary text":
            script = f'yes a,b | head -400000 | "{SLUICE}" convert - --lenient {options} | head -c 9; ' \
                     'echo "${PIPESTATUS[2]}"'
            done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=BOUND)
            self.assertEqual((done.stdout[9:], done.stderr), (b"141\n", b""), options)


if __name__ == "__main__":
    unittest.main()
