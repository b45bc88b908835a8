"""Orderings: each has a name, and each name has another end.

The convention. A *site* is a comment that begins with a name in brackets, before or beside the operation:

    // [heavy-end] Release: ... Pairs with [heavy-served].

Names are words of small letters, digits and hyphens. Where both ends say the same thing they may share one name.
"Pairs with [x]" holds in both directions: the comment of a site x names this one. Anything else in brackets is a
reference, which must have a site; so must a name in a room's README.md. A site that nothing else names has no other
end.
"""
import re

NAME = re.compile(r"(?<![\w\[\]`])\[([a-z][a-z0-9]+(?:-[a-z0-9]+)*)\](?![\(\[\w])")
PAIRS = re.compile(r"\bpairs with ((?:\[[a-z0-9-]+\](?:,? and |, )?)+)(?: in ([\w/]+\.\w+))?", re.IGNORECASE)
STRONG = re.compile(r"\bmemory_order(?:_|::)(?:acquire|release|acq_rel|seq_cst|consume)\b")
# Not an operation: a comparison, a case, a constant, or a fence for the compiler or the signal handler only.
NO_OPERATION = re.compile(
    r"\bcase\b|[=!]= *std::memory_order|atomic_signal_fence|\breturn std::memory_order|#undef"
    r"|\bconstexpr std::memory_order \w+ ="
)
REACH = 12  # lines from a site's comment to its operation, without an empty line


class Block:
    """A comment: lines that follow one another, or one comment beside code."""

    def __init__(self, source, line, text, beside):
        self.source = source
        self.line = line
        self.text = text
        self.beside = beside
        self.names = set(NAME.findall(text))
        # A paragraph of a block may begin a site too.
        self.sites = []
        for m in NAME.finditer(text):
            before = text[: m.start()].rstrip(" ")
            after = text[m.end() : m.end() + 1]
            begins = before == "" or (before.endswith("\n") and before.rstrip().endswith((".", ":", "?", "!")))
            if begins and after in ("", " ", "\n"):
                self.sites.append(m.group(1))
        joined = " ".join(text.split())
        self.partners = [(n, m.group(2)) for m in PAIRS.finditer(joined) for n in NAME.findall(m.group(1))]


def blocks(source):
    found, pending, start = [], [], 0
    for i, comment in enumerate(source.comment_lines + [""]):
        text = re.sub(r"^\s*(//+|/\*+|\*+(?!/))?\s?", "", comment).rstrip().removesuffix("*/").rstrip()
        alone = comment.strip() and not (i < len(source.code_lines) and source.code_lines[i].strip())
        if alone:
            start = start if pending else i + 1
            pending.append(text)
            continue
        if pending:
            found.append(Block(source, start, "\n".join(pending), False))
            pending = []
        if comment.strip():
            found.append(Block(source, i + 1, text, True))
    return found


def named_pairs(sources):
    rooms = [s for s in sources if s.is_cxx and s.room]
    every = [b for s in rooms for b in blocks(s)]
    sites = {}
    for b in every:
        for name in b.sites:
            sites.setdefault(name, []).append(b)
    for b in every:
        yield from _references(b, sites)
        yield from _other_ends(b, every, sites)
    for s in sources:
        if s.room and s.path.endswith("README.md"):
            for i, line in enumerate(s.lines, 1):
                for name in NAME.findall(line):
                    if name not in sites:
                        yield s.path, i, f"[{name}] is no ordering: no comment of the code begins with it"


def _references(b, sites):
    for name in sorted(b.names - set(sites)):
        yield b.source.path, b.line, f"[{name}] is named here, but no comment begins with it"
    for name, file in b.partners:
        if file and name in sites and not any(s.source.path.endswith("/" + file.split("/")[-1]) for s in sites[name]):
            where = ", ".join(sorted({s.source.path for s in sites[name]}))
            yield b.source.path, b.line, f"[{name}] is not in {file}, but in {where}"


def _other_ends(b, every, sites):
    room = b.source.room
    for name in b.sites:
        others = [o for o in every if o is not b and name in o.names]
        own_room = any(o.source.room == room for o in others)
        paired = any(name == partner for o in others for partner, _ in o.partners)
        if not own_room and not paired:
            yield b.source.path, b.line, f"[{name}] has no other end: nothing else names it"
        for partner, _ in b.partners:
            if partner in sites and partner != name and not any(set(b.sites) & s.names for s in sites[partner]):
                yield b.source.path, b.line, f"[{name}] pairs with [{partner}], whose comment does not name [{name}]"


def orderings_are_named(sources):
    """Each operation with an order stronger than relaxed has a name beside it or above it."""
    for s in sources:
        if not (s.is_cxx and s.room):
            continue
        named = [(b.line, b.line + b.text.count("\n"), b.beside) for b in blocks(s) if b.names]
        for i, code in enumerate(s.code_lines, 1):
            if not STRONG.search(code) or NO_OPERATION.search(code):
                continue
            if not any(_covers(s, i, *comment) for comment in named):
                yield s.path, i, "an order stronger than relaxed without a name: say [name] what it pairs with"


def _covers(source, line, first, last, beside):
    if beside:
        return line == first
    return last < line <= last + REACH and all(source.lines[k].strip() for k in range(last, line - 1))


def mutations_are_in_the_table(sources):
    """The orderings that the code can weaken are those that a build can name (bazel/mutations.bzl), and each has a
    place in docs/testing.md: in the first column of a table."""
    texts = {s.path: s.text for s in sources}
    if "docs/testing.md" not in texts or "bazel/mutations.bzl" not in texts:
        return
    rows = "\n".join(row.split("|")[1] for row in texts["docs/testing.md"].splitlines() if row.startswith("|"))
    in_table = set(re.findall(r"`([\w-]+)`", rows))
    in_build = set(re.findall(r'^ +"([\w-]+)",$', texts["bazel/mutations.bzl"], re.MULTILINE))
    in_code = set()
    for s in sources:
        if not (s.is_cxx and s.room):
            continue
        for m in re.finditer(r'\b(?:removed|order)<"([\w-]+)">', s.text):
            name, where = m.group(1), (s.path, s.line_of(m.start()))
            in_code.add(name)
            if name not in in_table:
                yield *where, f"the mutation {name} is not in the table of docs/testing.md"
            if name not in in_build and not s.path.endswith("_model.h"):
                yield *where, f"no build can weaken {name}: bazel/mutations.bzl does not name it"
    for name in sorted(in_build - in_code):
        yield "bazel/mutations.bzl", 1, f"{name} is at no site of the code"
