"""Functions shared by the tools that pack programs."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


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


def mebibytes(path):
    return f"{os.path.getsize(path) / (1 << 20):.1f} MiB"
