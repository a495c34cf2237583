#!/usr/bin/env python3
"""Compiles and runs every block of Swift in README.md, docs and the library's articles, as the package of a user.

usage: library_docs.py [--aws]

  --aws    instead those that need an HTTP client, and the programs of tools/examples/lambda. They are built with this package's
           own modules, which takes a twentieth of the time of a package of a user. The blocks are compiled, not run; the
           examples are run with stand-ins for AWS.

The package of a user depends on a version of Sluice, a tag of a copy of this repository, and must build without a warning.

How a document is read:

- A block of Swift that begins with `import` is a program. Every other block goes on with the program before it, in a scope of
  its own, so it sees the names of the first block only.
- A block of Python is a program too; those of a document run in order, in one folder.
- A block of text is what the program prints in the block of Swift before it. Without one, that prints nothing.
- A block after a line that ends with a name, as in "The file `orders.csv`:", is that file. A name with a folder is a file of the
  repository, which must be the same. Others are in the folder in which the document's programs run.
- The block `Package.swift` is the package's manifest. The programs are added to its targets; a warning in them is an error.
- A block without a language is a drawing. Any other block is a fault, so none goes unseen.
"""
import argparse
import collections
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import versioned

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARTICLES = os.path.join("Sources", "Sluice", "Documentation.docc")
BUILT = os.path.join(ROOT, ".build", "library-docs")
# The programs of tools/examples/lambda.
EXAMPLES = ["Function", "Consumer"]
# How a manifest names the clone.
CLONE = r'\.package\((?:name: "sluice", )?path: "[./]+(?:sluice)?"'
# The most lines of the compiler that are printed: it can crash.
MOST_LINES = 100
# What a program prints between two blocks.
MARK = "\x01\n"
# The products that a program may import without an HTTP client, and modules that every program may.
PRODUCTS = {"Sluice", "SluiceFoundation"}
QUICK = PRODUCTS | {"FoundationEssentials", "Foundation"}

Block = collections.namedtuple("Block", "language name line text")


class Program:
    """A program of a document: its blocks of Swift, or its block of Python, and what each prints."""

    def __init__(self, document, number):
        self.document, self.blocks, self.outputs = document, [], []
        self.name = re.sub(r"\W", "", os.path.basename(document).removesuffix(".md")) + str(number)

    def add(self, block):
        self.blocks.append(block)
        self.outputs.append("")

    @property
    def is_swift(self):
        return self.blocks[0].language == "swift"

    @property
    def imports(self):
        return re.findall(r"^import (\w+)", self.blocks[0].text, re.M)

    @property
    def is_quick(self):
        return not self.is_swift or QUICK.issuperset(self.imports)

    def source(self):
        """Returns the program's text, whose errors the compiler reports at their places in the document."""
        parts = []
        for number, block in enumerate(self.blocks):
            text = f'#sourceLocation(file: "{self.document}", line: {block.line})\n{block.text}#sourceLocation()\n'
            parts.append(f'print("\\u{{1}}")\ndo {{\n{text}}}\n' if number else text)
        return "".join(parts)

    def target(self):
        products = "".join(f'.product(name: "{name}", package: "sluice"), ' for name in self.imports if name in PRODUCTS)
        return (f'    .executableTarget(name: "{self.name}", dependencies: [{products}],'
                " swiftSettings: [.treatAllWarnings(as: .error)]),\n")


def text(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)


def blocks(path):
    """Returns the blocks of a document. The name is what stands in backticks at the end of the line before, if it does."""
    found, before, fence = [], "", None
    for number, line in enumerate(text(path).split("\n"), 1):
        if fence is None and line.startswith("```"):
            name = re.search(r"`([\w/-]+\.[\w./-]+)`:$", before)
            fence = Block(line.removeprefix("```"), name[1] if name else None, number + 1, [])
        elif fence and line == "```":
            found.append(fence._replace(text="".join(line + "\n" for line in fence.text)))
            fence, before = None, ""
        elif fence:
            fence.text.append(line)
        elif line.strip():
            before = line
    return found


def read(path):
    """Returns the programs of a document, its files, and what is wrong with its blocks."""
    programs, files, faults = [], {}, []
    for block in blocks(path):
        place = f"{path}:{block.line}"
        is_first = block.language == "python" or (block.language == "swift" and block.text.startswith("import "))
        if block.name and "/" in block.name:
            if text(block.name) != block.text:
                faults.append(f"{place}: this is not {block.name}")
        elif block.name and (block.language != "swift" or block.name == "Package.swift"):
            files[block.name] = block.text
        elif is_first:
            programs.append(Program(path, len(programs) + 1))
            programs[-1].add(block)
        elif block.language == "swift" and programs and programs[-1].is_swift:
            programs[-1].add(block)
        elif block.language == "text" and programs:
            programs[-1].outputs[-1] += block.text
        elif block.language:
            faults.append(f"{place}: neither a program, a part of one, its output nor a named file")
    return programs, files, faults


def write_sources(programs):
    shutil.rmtree(os.path.join(BUILT, "Sources"), ignore_errors=True)
    for program in programs:
        write(os.path.join(BUILT, "Sources", program.name, "main.swift"), program.source())


def is_built(command, environment, fault="error: "):
    """Runs a command that builds. If it fails, or says what `fault` matches, prints what it says from there."""
    built = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    lines = [line for line in built.stdout.splitlines() if not re.match(r"\[\d", line)]
    faults = [number for number, line in enumerate(lines) if re.search(fault, line)]
    if built.returncode == 0 and not faults:
        return True
    first = min(faults, default=0)
    print("\n".join(lines[first:first + MOST_LINES]))
    return False


def build(manifest, programs):
    """Builds the package of a user with a target for each program. Returns the folder with the programs, or None."""
    shutil.rmtree(BUILT, ignore_errors=True)
    write_sources(programs)
    for target in re.findall(r'\.executableTarget\(name: "(\w+)"', manifest):
        write(os.path.join(BUILT, "Sources", target, "main.swift"), programs[0].source())
    targets = "".join(program.target() for program in programs)
    manifest = re.sub(CLONE, versioned.dependency(os.path.join(BUILT, "sluice"), rest=""), manifest)
    write(os.path.join(BUILT, "Package.swift"), f"{manifest}\npackage.targets += [\n{targets}]\n")
    # Neither an index nor debug information is of use here.
    command = ["swift", "build", "--disable-index-store", "-debug-info-format", "none", "--package-path", BUILT,
               *versioned.NO_TRACES, os.path.join(BUILT, "security")]
    return os.path.join(BUILT, ".build", "debug") if is_built(command, versioned.environment(), "error: |warning: ") else None


def build_here(programs):
    """Builds programs and the examples as products of this package. Returns the folder with them, or None."""
    write_sources(programs)
    names = [program.name for program in programs]
    for name in [*EXAMPLES, *names]:
        if not is_built([os.path.join(ROOT, "tools", "build"), name], dict(os.environ, SLUICE_DOCUMENTS=",".join(names))):
            return None
    return os.path.join(ROOT, ".build", "release")


def run(program, directory, built):
    """Runs a program in a directory. Returns what is wrong with what it prints. `built` is the folder with those of Swift."""
    command = [os.path.join(built, program.name)] if program.is_swift else [sys.executable, "-c", program.blocks[0].text]
    done = subprocess.run(command, cwd=directory, capture_output=True, timeout=120)
    if done.returncode or done.stderr:
        return [f"{program.document}:{program.blocks[0].line}: ends with {done.returncode}: {done.stderr.decode()}"]
    printed = done.stdout.decode().split(MARK)
    if len(printed) != len(program.blocks):
        return [f"{program.document}:{program.blocks[0].line}: {len(printed)} of {len(program.blocks)} blocks ran"]
    return [f"{program.document}:{block.line}: prints\n{found}instead of\n{shown}"
            for block, found, shown in zip(program.blocks, printed, program.outputs) if found != shown]


def run_all(programs, files, built):
    """Runs the programs of a document in order, in one folder with its files."""
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            write(os.path.join(directory, name), content)
        return [fault for program in programs for fault in run(program, directory, built)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aws", action="store_true")
    options = parser.parse_args()
    documents = ["README.md", *(os.path.relpath(path, ROOT) for folder in ("docs", ARTICLES)
                                for path in sorted(glob.glob(os.path.join(ROOT, folder, "*.md"))))]
    found = {path: read(path) for path in documents}
    faults = [fault for _, _, some in found.values() for fault in some]
    programs = [program for some, _, _ in found.values() for program in some]
    chosen = [program for program in programs if program.is_quick != options.aws]
    swift = [program for program in chosen if program.is_swift]
    if options.aws:
        import example  # needs packages of Python
        built = build_here(swift)
        faults += example.check(built) if built else []
    else:
        built = build(next(files["Package.swift"] for _, files, _ in found.values() if "Package.swift" in files), swift)
        for some, files, _ in found.values() if built else []:
            faults += run_all([program for program in some if program.is_quick], files, built)
    if not built:
        faults.append("the programs were not built")
    shutil.rmtree(BUILT, ignore_errors=True)
    for program in programs:
        did = "left out" if not built or program not in chosen else "ran" if program.is_quick else "compiled"
        print(f"{did}: {program.document}, program of line {program.blocks[0].line}, {len(program.blocks)} blocks")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
