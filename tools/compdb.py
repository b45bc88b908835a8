#!/usr/bin/env python3
"""Writes compile_commands.json, for clangd and clang-tidy, from Bazel's own command lines.

usage: tools/compdb.py [BAZEL_ARGUMENT...]

Every source of the repository that this system compiles is in it once: as the plain build compiles it, or, where only
another form of the barrier has it (barrier/form.h), as that form does. Headers of generated folders are made; nothing
is compiled.
"""
import json
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGETS = "//..."
FORMS = ["dynamic", "edges", "pin-membarrier"]
GCC_ONLY = {"-fno-canonical-system-headers", "-Wno-free-nonheap-object"}  # clang stops at these


def bazel(*arguments, **options):
    return subprocess.run([os.path.join(TOP, "tools", "bazel.sh"), *arguments], check=True, cwd=TOP, **options)


def output(*arguments):
    try:
        return bazel(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
    except subprocess.CalledProcessError as e:  # what Bazel says besides matters only then
        sys.stderr.buffer.write(e.stderr)
        sys.exit(f"compdb: bazel {arguments[0]} ended with {e.returncode}; see above")


def compile_actions(flags, form):
    query = f'mnemonic("C(pp)?Compile", {TARGETS})'
    found = json.loads(output("aquery", "--output=jsonproto", *flags, f"--//barrier:form={form}", query))
    # The plain configuration before those of targets that change it for themselves (an "ST" hash in their folder).
    return sorted(found.get("actions", []), key=lambda a: "-ST-" in " ".join(a["arguments"]))


def entry(action, root):
    arguments = [a for a in action["arguments"] if a not in GCC_ONLY]
    source = arguments[arguments.index("-c") + 1]
    absolute = os.path.join(TOP, source)
    return source, {
        "directory": root,
        "file": absolute,
        "arguments": [absolute if a == source else a for a in arguments],
    }


def main(flags):
    # What a compiler needs to exist: the folders of _virtual_includes, and other repositories' headers.
    bazel("build", *flags, "--output_groups=compilation_prerequisites_INTERNAL_", "--ui_event_filters=-info",
          "--noshow_progress", TARGETS)
    root = output("info", "execution_root").decode().strip()
    database = {}
    for form in FORMS:
        for action in compile_actions(flags, form):
            source, made = entry(action, root)
            if not source.startswith(("external/", "bazel-out/")):
                database.setdefault(source, made)
    with open(os.path.join(TOP, "compile_commands.json"), "w", encoding="utf-8") as f:
        json.dump([database[s] for s in sorted(database)], f, indent=1)
    print(f"compile_commands.json: {len(database)} files", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
