"""BUILD files: tests cannot be depended upon, rules come from one place, no source is forgotten."""
import posixpath
import re


def is_build(s):
    return posixpath.basename(s.path) == "BUILD"


def tests_are_testonly(sources):
    for s in sources:
        # What the library itself depends on in builds for a test cannot be testonly.
        stands_in = '"//barrier:__pkg__"' in s.text
        if is_build(s) and s.under("tests") and not stands_in and "default_testonly = True" not in s.text:
            yield s.path, 1, "say package(default_testonly = True): only tests may depend on this"


# Users have rules of their own, and the toolchains are for Bazel 4 alone.
OWN_RULES = ("examples/consumer_", "bazel/cross/")


def rules_come_from_one_place(sources):
    for s in sources:
        if is_build(s) and s.path != "BUILD" and not s.path.startswith(OWN_RULES):
            for i, line in enumerate(s.lines, 1):
                if "@rules_cc" in line or re.search(r"\bnative\.(?:cc|py|sh)_|^(?:cc|py|sh)_\w+\(", line):
                    yield s.path, i, "load the weir_ rules from //bazel:cc.bzl: they bring everybody's options"


def sources_are_built(sources):
    """In the rooms, where BUILD files name their sources one by one, or a .bzl file beside them does."""
    builds = {posixpath.dirname(s.path): s.text for s in sources if is_build(s)}
    for s in sources:
        folder = posixpath.dirname(s.path)
        if s.path.endswith(".bzl") and folder in builds:
            builds[folder] += s.text
    for s in sources:
        if not (s.is_cxx and s.room):
            continue
        folder = posixpath.dirname(s.path)
        name = posixpath.basename(s.path)
        while folder and folder not in builds:
            name = posixpath.basename(folder) + "/" + name
            folder = posixpath.dirname(folder)
        if f'"{name}"' not in builds.get(folder, ""):
            yield s.path, 1, "no target of its BUILD file names this file"
