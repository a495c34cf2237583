"""The library's public symbols, as `swift symbolgraph-extract` reads them from a build's modules, without building again."""
import glob
import json
import os
import subprocess

from packing import ROOT, output

# The library's products, each with the modules whose symbols it exports as its own.
PRODUCTS = {"Sluice": ["SluiceCSV", "SluiceEngine"], "SluiceCSV": [], "SluiceFoundation": [], "SluiceAWS": [],
            "SluiceConsumer": [], "SluiceNIO": [], "EmbeddedMetricFormat": []}


def built(build):
    """Returns the products whose modules are in a build's directory."""
    return [name for name in PRODUCTS if os.path.exists(os.path.join(build, "Modules", f"{name}.swiftmodule"))]


def extract(product, build, directory):
    """Writes the symbol graphs of a product into a directory. `build` is the directory of a build's programs."""
    maps = [*glob.glob(os.path.join(build, "*.build", "module.modulemap")),
            *glob.glob(os.path.join(ROOT, "Sources", "*", "module.modulemap")),
            *glob.glob(os.path.join(build, "..", "..", "checkouts", "*", "Sources", "*", "include", "module.modulemap"))]
    target = json.loads(output("swift", "-print-target-info"))["target"]["triple"]
    command = ["swift", "symbolgraph-extract", "-module-name", product, "-target", target, "-minimum-access-level", "public",
               "-I", os.path.join(build, "Modules"), "-output-dir", directory]
    for path in maps:
        command += ["-Xcc", f"-fmodule-map-file={path}"]
    if PRODUCTS[product]:
        command.append("-experimental-allowed-reexported-modules=" + ",".join(PRODUCTS[product]))
    subprocess.run(command, check=True)


def read(product, directory):
    """Returns the symbols and relationships of a product's symbol graphs."""
    symbols, relationships = [], []
    for path in sorted(glob.glob(os.path.join(directory, f"{product}*.symbols.json"))):
        with open(path, encoding="utf-8") as file:
            graph = json.load(file)
        symbols += graph["symbols"]
        relationships += graph["relationships"]
    return symbols, relationships
