"""The manual pages and the completions of bash, zsh and fish, as tools/docs makes them from the command's flags."""
import json
import os
import pty
import re
import subprocess
import tempfile
import unittest

from support import BOUND, ROOT, SLUICE, read_until, run

SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "--interactive"],
}
# How each shell loads the completions in `$share`, and a command in place of sluice that shows its arguments.
SET_UP = {
    "bash": r"""source "$share/bash-completion/completions/sluice"; sluice() { printf '<%s>' "$@"; echo END; }""",
    "zsh": r"""fpath=("$share/zsh/site-functions" $fpath); autoload -Uz compinit; compinit -u -d "$HOME/dump"; """
           r"""sluice() { printf '<%s>' "$@"; echo END; }""",
    "fish": r"""source "$share/fish/vendor_completions.d/sluice.fish"; """
            r"""function sluice; printf '<%s>' $argv; echo END; end""",
}


def flags():
    """Returns {(command, option): option as the dump has it} for all options with values."""
    dump = json.loads(run("--experimental-dump-help").stdout)
    return {(command["commandName"], f"--{name['name']}"): option
            for command in dump["command"]["subcommands"] for option in command.get("arguments", [])
            for name in option.get("names", []) if option["kind"] == "option" and name["kind"] == "long"}


class Made(unittest.TestCase):
    """What tools/docs makes from the command under test, once for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.directory = directory.name
        subprocess.run([os.path.join(ROOT, "tools", "docs"), "-o", cls.directory, "--program", SLUICE, "--command-only"],
                       check=True, stdout=subprocess.DEVNULL, timeout=BOUND)
        cls.share = os.path.join(cls.directory, "share")


class Manual(Made):
    def pages(self):
        directory = os.path.join(self.share, "man", "man1")
        return [os.path.join(directory, name) for name in sorted(os.listdir(directory))]

    def test_every_command_has_a_page_without_a_fault(self):
        pages = self.pages()
        self.assertIn("sluice-convert.1", map(os.path.basename, pages))
        done = subprocess.run(["mandoc", "-Tlint", *pages], capture_output=True, text=True, timeout=BOUND)
        # Pages refer to each other, and they are not installed.
        names = {os.path.basename(page)[:-2] for page in pages}
        faults = [line for line in done.stdout.splitlines()
                  if not ((found := re.search(r"referenced manual not found: Xr (\S+) 1", line)) and found[1] in names)]
        self.assertEqual((faults, done.stderr), ([], ""))

    def test_a_page_shows_every_option_as_help_does(self):
        for page in self.pages():
            command = os.path.basename(page)[:-2].split("-")[1:]
            shown = subprocess.run(["mandoc", "-Tutf8", "-O", "width=200", page], stdout=subprocess.PIPE, timeout=BOUND, check=True)
            plain = re.sub(r".\x08", "", shown.stdout.decode())
            helped = set(re.findall(r"^ +(?:-\w, )?(--[a-z0-9-]+)", run(*command, "--help").stdout.decode(), re.M)) - {"--version"}
            self.assertGreater(len(helped), 0 if command else -1)
            for option in helped:
                self.assertIn(option, plain, page)


class Completions(Made):
    def line(self, shell, *typed):
        """Types a line in pieces, each up to where a completion is awaited, and returns the arguments that it runs with. Each
        piece is a pair of what is typed and what the shell must show before the next is."""
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        for name in "orders of today.csv", "other.txt":
            with open(os.path.join(home.name, name), "w", encoding="utf-8"):
                pass
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(home.name)
            os.environ.update(HOME=home.name, share=self.share, TERM="dumb", PS1="READY ", LC_ALL="C.UTF-8")
            os.execvp(SHELLS[shell][0], SHELLS[shell])
        try:
            os.write(terminal, SET_UP[shell].encode() + b"; echo SET''UP\n")
            read_until(terminal, lambda text: b"SETUP" in text, f"{shell} is ready")
            shown = b""
            for text, expected in typed:
                os.write(terminal, text.encode())
                shown = read_until(terminal, lambda text, e=expected: e.encode() in text, f"{shell} completes to {expected!r}")
            return re.findall(r"<([^>]*)>", shown.decode())
        finally:
            os.write(terminal, b"\x03exit\n")
            os.close(terminal)
            os.waitpid(pid, 0)

    def test_each_shell_completes_a_command_a_flag_a_value_and_a_file(self):
        for shell in SHELLS:
            with self.subTest(shell):
                line = self.line(shell, ("sluice conv\t", "ert "), ("--ragg\t", "ed "), ("pa\t", "d "), ("--lenie\t", "nt "),
                                 ("ord\t", "today.csv"), ("\n", "END"))
                self.assertEqual(line, ["convert", "--ragged", "pad", "--lenient", "orders of today.csv"])

    def test_the_documented_commands_write_the_same_scripts(self):
        with open(os.path.join(ROOT, "docs", "cli.md"), encoding="utf-8") as file:
            commands = re.findall(r"^    (sluice --generate-completion-script (\w+) > ~/(\S+))", file.read(), re.M)
        self.assertEqual([shell for _, shell, _ in commands], list(SHELLS))
        made = {name: os.path.join(directory, name) for directory, _, names in os.walk(self.share) for name in names}
        with tempfile.TemporaryDirectory() as home:
            for command, _, path in commands:
                os.makedirs(os.path.join(home, os.path.dirname(path)))
                subprocess.run(["bash", "-euc", command.replace("sluice", '"$sluice"', 1)], check=True, timeout=BOUND,
                               env=dict(os.environ, HOME=home, sluice=SLUICE))
                with open(os.path.join(home, path), "rb") as one, open(made[os.path.basename(path)], "rb") as other:
                    self.assertEqual(one.read(), other.read())

    def test_a_file_follows_zstd_and_output(self):
        for shell in SHELLS:
            with self.subTest(shell):
                line = self.line(shell, ("sluice convert --zstd ord\t", "today.csv"), (" -o oth\t", "er.txt"), ("\n", "END"))
                self.assertEqual(line, ["convert", "--zstd", "orders of today.csv", "-o", "other.txt"])

    def test_every_word_that_an_option_takes_is_completed(self):
        """An option that takes certain words lists them when it is given another one."""
        flags_of = flags()
        # The same option is the same in every command. Those of sluice-aws report first that they need a queue.
        commands = {option: command for command, option in sorted(flags_of, key=lambda one: one[0] not in ("send", "receive"))}
        checked = 0
        for option, command in commands.items():
            done = run(command, option, "?", "-", data=b"", cwd=self.directory)
            words = re.search(r"takes one of ([\w-]+(?:, [\w-]+)*), not", done.stderr.decode())
            if words:
                completed = flags_of[command, option]["completionKind"]["list"]["values"]
                self.assertEqual(sorted(completed), sorted(words[1].split(", ")), option)
                checked += 1
        self.assertGreater(checked, 10)

    def test_options_that_take_a_path_complete_files(self):
        for (command, option), flag in flags().items():
            if flag["valueName"] in ("path", "file") or option in ("--output", "--against", "--checkpoint"):
                self.assertIn("file", flag["completionKind"], (command, option))


if __name__ == "__main__":
    unittest.main()
