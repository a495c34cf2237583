"""The software bill of materials of a release or package, in CycloneDX 1.6: the Swift packages that SwiftPM resolved, the Swift runtime,
and the C libraries that tools/build links statically."""
import json
import os
import re
import uuid

from packing import ROOT, current, output, sha256

# The libraries that tools/build links, by their names for pkg-config.
C_LIBRARIES = ["zlib", "libzstd", "libcrypto", "libpcre2-8"]
LICENCES = [("Apache License", "Apache-2.0"), ("MIT License", "MIT"), ("Permission is hereby granted, free of charge", "MIT")]


def component(kind, name, version, purl, licence=None):
    made = {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if licence:
        made["licenses"] = [{"license": {"id": licence}}]
    return made


def licence_of(directory):
    """Returns the SPDX id of a package's licence, or None if its text is not one of those known here."""
    for name in "LICENSE.txt", "LICENSE", "LICENSE.md":
        path = os.path.join(directory, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            return next((identifier for words, identifier in LICENCES if words in text), None)
    return None


def purl_of(package):
    """`https://github.com/apple/swift-nio.git` at 2.0.0 is `pkg:swift/github.com/apple/swift-nio@2.0.0`."""
    place = re.sub(r"^\w+://|\.git$", "", package["url"])
    return f"pkg:swift/{place}@{package['version']}"


def write_beside(path):
    """Writes the bill of materials of a package beside it, PATH.cdx.json, and returns its path."""
    made = bill(current(), digest=sha256(path))
    with open(path + ".cdx.json", "w", encoding="utf-8") as file:
        file.write(json.dumps(made, indent=2) + "\n")
    return file.name


def bill(version, time=None, digest=None):
    """Returns the document for a version of this package: with the time of its commit in ISO 8601, or with the SHA-256 of what
    was made of it."""
    root = json.loads(output("swift", "package", "--package-path", ROOT, "--traits", "Programs", "show-dependencies",
                             "--format", "json"))
    own = component("application", "sluice", version, f"pkg:generic/sluice@{version}", "Apache-2.0")
    components, edges = {}, {own["purl"]: set()}

    def visit(package, purl):
        for child in package["dependencies"]:
            reference = purl_of(child)
            components[reference] = component("library", child["identity"], child["version"], reference, licence_of(child["path"]))
            edges[purl].add(reference)
            edges.setdefault(reference, set())
            visit(child, reference)

    visit(root, own["purl"])
    compiler = re.search(r"Swift version ([\d.]+)", output("swift", "--version"))[1]
    others = [("swift-runtime", compiler), *((name, output("pkg-config", "--modversion", name).strip()) for name in C_LIBRARIES)]
    for name, number in others:
        reference = f"pkg:generic/{name}@{number}"
        components[reference] = component("library", name, number, reference)
        edges[own["purl"]].add(reference)
        edges[reference] = set()
    metadata = {"timestamp": time} if time else {}
    if digest:
        own["hashes"] = [{"alg": "SHA-256", "content": digest}]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # The same release or package has the same number, however often its bill is made.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own['purl'] + (time or digest))}",
        "version": 1,
        "metadata": {**metadata, "component": own},
        "components": [components[reference] for reference in sorted(components)],
        "dependencies": [{"ref": reference, "dependsOn": sorted(edges[reference])} for reference in sorted(edges)],
    }
