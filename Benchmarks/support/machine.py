"""Paths, the description of this machine, and the release build of `sluice`."""
import datetime
import functools
import os
import subprocess
import sys

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCHMARKS)
WORK = os.path.join(ROOT, ".build", "benchmarks")
RESULTS = os.path.join(BENCHMARKS, "results")


def say(text):
    print(text, file=sys.stderr, flush=True)


@functools.cache
def sluice():
    """Builds the command in release mode and returns its path. SLUICE_BINARY names one that is already built."""
    named = os.environ.get("SLUICE_BINARY")
    if named:
        return named
    say("building sluice")
    build = os.path.join(ROOT, "tools", "build")
    return subprocess.run([build], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()
    except OSError:
        return ""


def stripped(program, folder):
    """Copies a program without its debug information, which valgrind up to 3.19 cannot read and which a count does not need."""
    copy = os.path.join(folder, os.path.basename(program))
    subprocess.run(["strip", "-o", copy, program], check=True)
    return copy


def install(*packages):
    """Installs Debian packages, as tools/setup does. Returns whether that succeeded."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
            subprocess.run(prefix + command, check=True, stdout=sys.stderr, env=variables)
        return True
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"cannot install {' '.join(packages)}: {error}")
        return False


def processor():
    with open("/proc/cpuinfo") as info:
        lines = dict(map(str.strip, line.split(":", 1)) for line in info if ":" in line)
    name = lines.get("model name") or lines.get("CPU part", "unknown processor")
    flags = lines.get("flags", lines.get("Features", "")).split()
    sets = [label for flag, label in (("avx512bw", "AVX-512"), ("avx2", "AVX2"), ("asimd", "NEON")) if flag in flags]
    return f"{name} ({sets[0]})" if sets else name


def description():
    """Returns the conditions of a measurement, as lines of a Markdown list."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    kernel = os.uname()
    commit = output_of("git", "rev-parse", "--short=10", "HEAD") or "unknown"
    changed = output_of("git", "status", "--porcelain", "--untracked-files=no", "--", "Sources", "Package.swift")
    swift = (output_of("swift", "--version").splitlines() or ["unknown"])[0]
    return [
        f"- {datetime.date.today().isoformat()}, commit {commit}{' with changes' if changed else ''}",
        f"- {processor()}, {os.cpu_count()} processors, {memory:.0f} GiB of memory, "
        f"{kernel.sysname} {kernel.release} {kernel.machine}; load {os.getloadavg()[0]:.1f} at the start",
        f"- {swift}, Python {sys.version.split()[0]}",
    ]


def write_result(name, text):
    os.makedirs(RESULTS, exist_ok=True)
    path = os.path.join(RESULTS, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    say(f"wrote {os.path.relpath(path, ROOT)}")
