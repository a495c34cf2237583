"""Functions shared by the tools that pack programs."""
import hashlib
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# The names of Lambda for the machines of ELF headers.
ARCHITECTURES = {0x3E: "x86_64", 0xB7: "arm64"}


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def note(text):
    print(f"tools/{os.path.basename(sys.argv[0])}: {text}", file=sys.stderr)


def fault(text):
    note(text)
    sys.exit(1)


def stripped(product, directory, program=None):
    """Strips the symbols of a product, which is built unless its program is given, and returns the path. Fails if it links
    Foundation or ICU, as its symbols show. FoundationEssentials is allowed: it is not part of Foundation."""
    program = program or output(os.path.join(ROOT, "tools", "build"), product).splitlines()[-1]
    symbols = output("nm", program)
    for mark, name in (" $s10Foundation", "Foundation"), (" uloc_", "ICU"), (" ucal_", "ICU"):
        if mark in symbols:
            fault(f"{product} links {name}")
    path = os.path.join(directory, product)
    output("strip", "--strip-all", "-o", path, program)
    return path


# Libraries of glibc and GCC: every system has them, or they can be packed with the program.
USUAL_LIBRARIES = re.compile(r"(ld-linux.*|lib(c|m|dl|rt|pthread|util|gcc_s|stdc\+\+))\.so\.\d+")


def libraries(program):
    """Returns the names of the shared libraries that a program needs."""
    return re.findall(r"NEEDED\s+(\S+)", output("objdump", "-p", program))


def check_libraries(program):
    for library in libraries(program):
        if not USUAL_LIBRARIES.fullmatch(library):
            fault(f"{os.path.basename(program)} needs {library}, which may be missing where it runs")


def current():
    """Returns the version of the source."""
    with open(os.path.join(ROOT, "Sources", "SluiceEngine", "Version.swift"), encoding="utf-8") as file:
        return re.search(r'version = "([\d.]+)"', file.read())[1]


def architecture(program):
    with open(program, "rb") as file:
        return ARCHITECTURES[int.from_bytes(file.read(20)[18:], "little")]


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def mebibytes(path):
    return f"{os.path.getsize(path) / (1 << 20):.1f} MiB"
