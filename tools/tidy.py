#!/usr/bin/env python3
"""Runs clang-tidy over compile_commands.json, one process for each CPU.

usage: tools/tidy.py [PART_OF_A_PATH...]   (only the sources that have one of these in their path)

A finding in a header is printed once, with the header's path in this repository.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FINDING = re.compile(r"^([^:\s][^:\n]*):(\d+):(\d+): (?:warning|error): (.*)$", re.MULTILINE)
# Where Bazel shows a header under its public name.
VIRTUAL = re.compile(r"^.*/_virtual_includes/[^/]+/weir/")


def here(path, folder="/"):
    virtual = VIRTUAL.sub("", path)
    return virtual if virtual != path else os.path.relpath(os.path.realpath(os.path.join(folder, path)), TOP)


def examine(entry):
    source = entry["file"]
    run = subprocess.run(["clang-tidy", "--quiet", "-p", TOP, source], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, check=False)
    found = {(here(m[1], entry["directory"]), int(m[2]), int(m[3]), m[4]) for m in FINDING.finditer(run.stdout)}
    if run.returncode != 0 and not found:
        found = {(here(source), 1, 1, "clang-tidy failed: " + (run.stderr.strip() or run.stdout.strip())[-2000:])}
    return source, found


def main(parts):
    with open(os.path.join(TOP, "compile_commands.json"), encoding="utf-8") as f:
        entries = [e for e in json.load(f) if not parts or any(p in e["file"] for p in parts)]
    if not entries:
        print(f"lint: compile_commands.json has no source{' of these names' if parts else ''}; nothing was examined",
              file=sys.stderr)
        return 1
    every = set()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        jobs = [pool.submit(examine, e) for e in entries]
        for done, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            source, found = job.result()
            print(f"lint: clang-tidy {done}/{len(entries)} {here(source)}", file=sys.stderr)
            every |= found
    for path, line, column, sentence in sorted(every):
        print(f"{path}:{line}:{column}: {sentence}")
    print(f"lint: clang-tidy: {len(every)} findings", file=sys.stderr)
    return 1 if every else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
