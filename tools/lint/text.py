"""What holds for every text file: size, white space, and words that do not belong here."""
import re

LINES, COLUMNS = 400, 120
SOURCE = (".h", ".cc", ".c", ".py", ".sh", ".bzl", ".BUILD", "BUILD")
# Written so that they do not match themselves.
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
ONE_MACHINE = re.compile(r"(?<![\w.$}*/])/(?:home|Users|work|mnt|media|tmp)/[\w.]")
NUMBERED = re.compile(r"\b(?:issue|ticket|task|pull request)s? #?\d", re.IGNORECASE)
REGISTRY = re.compile(
    r"\b(?:pypi\.org|npmjs\.(?:org|com)|crates\.io|rubygems\.org|(?:deb|security|snapshot)\.debian\.org"
    r"|archive\.ubuntu\.com|bcr\.bazel\.build|proxy\.golang\.org|maven\.org|docker\.io|ghcr\.io)\b"
)
WORDS = [
    (UNFINISHED, "unfinished business: do it, or leave it out"),
    (ONE_MACHINE, "a path of one machine"),
    (NUMBERED, "a number in somebody's tracker says nothing here: say what it is about"),
    (REGISTRY, "the host name of a package registry"),
]


def text_is_clean(sources):
    for s in sources:
        if s.path.startswith("LICENSE"):
            continue
        if s.path.endswith(SOURCE) and len(s.lines) - 1 > LINES:
            yield s.path, LINES + 1, f"{len(s.lines) - 1} lines; a file has {LINES} at most: one idea per file"
        if s.text and not s.text.endswith("\n"):
            yield s.path, len(s.lines), "no line break at the end of the file"
        for i, line in enumerate(s.lines, 1):
            yield from _line(s, i, line)


def _line(s, i, line):
    # A link cannot be broken; the prose and the tables of Markdown are laid out by whoever shows them.
    breakable = "://" not in line and not s.path.endswith(".md")
    if len(line) > COLUMNS and breakable:
        yield s.path, i, f"{len(line)} columns; a line has {COLUMNS} at most"
    if "\t" in line:
        yield s.path, i, "a tab: indent by spaces"
    if line != line.rstrip():
        yield s.path, i, "white space at the end of the line"
    for pattern, sentence in WORDS:
        m = pattern.search(line)
        if m:
            yield s.path, i, f'"{m.group()}": {sentence}'
