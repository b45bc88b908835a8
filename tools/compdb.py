#!/usr/bin/env python3
"""compile_commands.json for clangd and clang-tidy, from Bazel's own command lines.

usage: tools/compdb.py [BAZEL ARGUMENT...]   (run at the top of the repository)
"""
import json, os, subprocess, sys

def main():
    bazel = ["bazel"] + os.environ.get("BAZEL_STARTUP", "").split()
    targets = "//..."
    # The headers of _virtual_includes and of external repositories must exist.
    subprocess.run(bazel + ["build", "--build_tests_only=false", targets] + sys.argv[1:], check=True)
    out = subprocess.run(
        bazel + ["aquery", "--output=jsonproto", *sys.argv[1:], f'mnemonic("CppCompile", {targets})'],
        check=True, stdout=subprocess.PIPE).stdout
    root = subprocess.run(bazel + ["info", "execution_root"], check=True,
                          stdout=subprocess.PIPE, text=True).stdout.strip()
    seen, db = set(), []
    gcc_only = {"-fno-canonical-system-headers", "-Wno-free-nonheap-object"}  # clangd stops at these
    for action in json.loads(out)["actions"]:
        args = action["arguments"]
        source = args[args.index("-c") + 1]
        if source in seen or source.startswith("external/"):
            continue
        seen.add(source)
        db.append({"directory": root, "file": os.path.abspath(source), "arguments":
                   [a if a != source else os.path.abspath(source) for a in args if a not in gcc_only]})
    with open("compile_commands.json", "w") as f:
        json.dump(db, f, indent=1)
    print(f"compile_commands.json: {len(db)} files")

main()
