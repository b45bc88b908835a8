"""Includes run one way: barrier <- rcu, hazard <- sync; and in one spelling."""
import posixpath
import re

from source import ROOMS

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"\n]+)[>"]', re.MULTILINE)
MAY_INCLUDE = {
    "barrier": {"barrier"},
    "rcu": {"barrier", "rcu"},
    "hazard": {"barrier", "hazard"},
    "sync": {"barrier", "rcu", "hazard", "sync"},
}
BY_PATH = ("tests", "bench", "examples")


def includes_run_one_way(sources):
    paths = {s.path for s in sources}
    for s in sources:
        if not s.is_cxx:
            continue
        for m in INCLUDE.finditer(s.text):
            if s.code[m.start() : m.end()].strip()[:1] != "#":
                continue  # in a comment
            sentence = _wrong(s, m.group(1), m.group(2), paths)
            if sentence:
                yield s.path, s.line_of(m.start()), sentence


def _wrong(s, quote, name, paths):
    parts = name.split("/")
    if parts[0] == "weir":
        if quote == "<":
            return f"<{name}> is Weir's own: write it in quotes"
        if name[len("weir/") :] not in paths:
            return f'"{name}" does not exist'
        if s.room and parts[1] not in MAY_INCLUDE[s.room]:
            return f"{s.room} must not include {parts[1]}: {' and '.join(sorted(MAY_INCLUDE[s.room]))} only"
        return None
    if parts[0] in ROOMS and name in paths:
        return f'"{name}" compiles only in this repository: write "weir/{name}"'
    if quote == "<":
        return None
    if s.room:
        return f'"{name}": the library includes its own files as "weir/...", others in <>'
    if name not in paths and posixpath.join(posixpath.dirname(s.path), name) in paths:
        return f'"{name}": write the whole path, "{posixpath.join(posixpath.dirname(s.path), name)}"'
    return None
