#!/usr/bin/env python3
"""Uses Sluice as another package does: what it resolves. Tests/library_docs.py builds such packages.

usage: package.py [-k PATTERN]

The first test needs no network: it takes this repository's files as they are, by a version's tag. What traits add comes
from SwiftPM's cache, where building the programs has put it.
"""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import versioned

ROOT = versioned.ROOT
MANIFEST = """\
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "user",
    platforms: [.macOS(.v15)],
    dependencies: [DEPENDENCY],
    targets: [.executableTarget(name: "user", dependencies: [.product(name: "PRODUCT", package: "sluice")])]
)
"""


def run(*command, cwd=None):
    """Returns what a command prints. Fails with all of it if the command does."""
    done = subprocess.run(command, cwd=cwd, env=versioned.environment(), capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ends with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


class UserPackage(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.user = os.path.join(directory.name, "user")

    def write(self, dependency, product):
        os.makedirs(os.path.join(self.user, "Sources", "user"))
        with open(os.path.join(self.user, "Package.swift"), "w", encoding="utf-8") as file:
            file.write(MANIFEST.replace("DEPENDENCY", dependency).replace("PRODUCT", product))
        with open(os.path.join(self.user, "Sources", "user", "main.swift"), "w", encoding="utf-8") as file:
            file.write("import " + product)

    def packages(self, tree):
        """Returns the names of all packages in the JSON of `swift package show-dependencies`."""
        return {tree["identity"]}.union(*(self.packages(package) for package in tree["dependencies"]))

    def dependencies(self, *options):
        """Returns the names of all packages that the user's needs."""
        shown = run("swift", "package", *options, "show-dependencies", "--format", "json", cwd=self.user)
        return self.packages(json.loads(shown.stdout))

    def test_a_user_of_the_library_resolves_no_other_package(self):
        self.write(versioned.dependency(os.path.join(self.directory, "sluice")), "Sluice")
        found = self.dependencies(*versioned.NO_TRACES, os.path.join(self.directory, "security"))
        self.assertEqual(found, {"user", "sluice"})

    def test_the_trait_NIO_adds_swift_nio_and_what_that_needs(self):
        self.write(f'.package(name: "sluice", path: "{ROOT}", traits: ["NIO"])', "SluiceNIO")
        added = {"swift-nio", "swift-atomics", "swift-collections", "swift-system"}
        # SwiftPM calls this package by its folder's name.
        self.assertEqual(self.dependencies() - {"user", os.path.basename(ROOT).lower()}, added)

    def test_the_trait_AWS_adds_what_the_example_of_a_function_needs_and_not_what_the_programs_need(self):
        example = os.path.join(ROOT, "tools", "examples", "lambda")
        shutil.copytree(os.path.join(example, "Sources"), os.path.join(self.user, "Sources"))
        with open(os.path.join(example, "Package.swift"), encoding="utf-8") as file:
            manifest = file.read()
        self.assertIn('path: "../../.."', manifest)
        with open(os.path.join(self.user, "Package.swift"), "w", encoding="utf-8") as file:
            file.write(manifest.replace('path: "../../.."', f'path: "{ROOT}"'))
        # This fails if a product or a target of the manifest does not exist.
        packages = self.dependencies()
        self.assertLessEqual({"async-http-client", "swift-nio", "swift-log"}, packages)
        self.assertNotIn("swift-argument-parser", packages)

    def test_products_depend_on_other_packages_only_if_their_trait_is_enabled(self):
        """Builds here enable the trait Programs, so they do not show that another trait is enough."""
        package = json.loads(run("swift", "package", "dump-package", cwd=ROOT).stdout)
        targets = {target["name"]: target["dependencies"] for target in package["targets"]}
        products = {product["name"]: product["targets"] for product in package["products"]}

        def conditions(target):
            """Yields the traits of which one must be enabled, for each product of another package that the target needs."""
            for dependency in targets[target]:
                if "byName" in dependency:
                    yield from conditions(dependency["byName"][0])
                else:
                    yield set((dependency["product"][3] or {}).get("traits", []))

        for trait, names in {None: ["Sluice", "SluiceCSV", "SluiceFoundation"], "AWS": ["SluiceAWS", "SluiceConsumer", "SluiceNIO"],
                             "NIO": ["SluiceNIO"], "Metrics": ["EmbeddedMetricFormat"]}.items():
            for name in names:
                found = [traits for target in products[name] for traits in conditions(target)]
                self.assertEqual(bool(found), trait is not None, name)
                self.assertEqual([traits for traits in found if trait not in traits], [], (trait, name))


class Container(unittest.TestCase):
    def test_the_container_build_has_every_folder_that_the_package_names(self):
        """No container can be built here. SwiftPM loads a package only if all of its targets, tests included, are there."""
        with open(os.path.join(ROOT, "tools", "deploy", "container", "Packages.Containerfile"), encoding="utf-8") as file:
            copied = [line.split()[1] for line in file if line.startswith("COPY ") and "--from" not in line]
        with tempfile.TemporaryDirectory() as there:
            for name in copied:
                source, target = os.path.join(ROOT, name), os.path.join(there, name)
                shutil.copytree(source, target) if os.path.isdir(source) else shutil.copy(source, target)
            described = json.loads(run("swift", "package", "--traits", "Programs", "describe", "--type", "json", cwd=there).stdout)
            self.assertLessEqual({"sluice-lambda", "sluice-aws"}, {product["name"] for product in described["products"]})
            for tool in "package-lambda", "package-task":
                run(os.path.join(there, "tools", tool), "--help")


if __name__ == "__main__":
    unittest.main()
