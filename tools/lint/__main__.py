"""The project's own conventions, checked by reading: python3 tools/lint [FOLDER].

Prints "file:line: sentence" for each finding and fails if there is one.
"""
import os
import subprocess
import sys

import atomics
import builds
import includes
import pairs
import preprocessor
import tests
import text
from source import Source

CHECKS = [
    pairs.named_pairs,
    pairs.orderings_are_named,
    pairs.mutations_are_in_the_table,
    includes.includes_run_one_way,
    preprocessor.no_systems_in_the_preprocessor,
    atomics.atomics_name_their_order,
    text.text_is_clean,
    tests.assertions_stay_on_the_main_thread,
    tests.tests_do_not_sleep,
    builds.tests_are_testonly,
    builds.rules_come_from_one_place,
    builds.sources_are_built,
]
SKIP = {".git", "out", "__pycache__", "compile_commands.json"}


def files(top):
    """Everything that is or could be committed."""
    listed = subprocess.run(["git", "-C", top, "ls-files", "-co", "--exclude-standard", "-z"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
        return sorted(n for n in set(names) if n and os.path.isfile(os.path.join(top, n)))
    found = []  # an unpacked archive, or a checkout that git does not trust
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if f not in SKIP and not f.startswith("bazel-")]
        found += [os.path.relpath(os.path.join(folder, n), top) for n in names if n not in SKIP]
    return sorted(found)


def read(top):
    sources = []
    for path in files(top):
        with open(os.path.join(top, path), "rb") as f:
            data = f.read()
        if b"\0" not in data:
            sources.append(Source(path, data.decode(errors="replace")))
    return sources


def findings(sources):
    return sorted({f for check in CHECKS for f in check(sources)})


def main(arguments):
    top = arguments[0] if arguments else "."
    sources = read(top)
    if not any(s.path == "docs/testing.md" for s in sources):
        print("lint: docs/testing.md is not there; mutations are not compared with its table", file=sys.stderr)
    found = findings(sources)
    for path, line, sentence in found:
        print(f"{path}:{line}: {sentence}")
    print(f"lint: {len(CHECKS)} checks over {len(sources)} files: {len(found)} findings", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
