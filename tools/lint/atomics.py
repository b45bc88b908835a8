"""Every atomic operation names its order."""
import re

from source import arguments

METHOD = re.compile(r"(?:\.|->)(load|store|exchange|fetch_\w+|compare_exchange_\w+|test_and_set|test|clear|wait)\s*\(")
RECEIVER = re.compile(r"(\w+)(?:\[[^\]]*\])?$")
DECLARED = re.compile(r"\b(?:std|weir)::atomic(?:_\w+|<[^;(){}=]*>)\s+(\w+)\s*(?:\[[^\]]*\]\s*)?[{;=(]")
# How many arguments each takes when no order is named.
WITHOUT_ORDER = {"load": 0, "store": 1, "exchange": 1, "test_and_set": 0, "test": 0, "clear": 0, "wait": 1}
# Names that many types have: looked at only where the file declares an atomic by the receiver's name.
COMMON = {"test", "clear", "wait", "store"}
ASSIGNED = r"(?:(?:\+\+|--)\s*(?:\w+(?:\.|->))*{0}\b|\b{0}\s*(?:\+\+|--|[-+|&^]=|=(?![=])))"
# Reads that name no order, where the text cannot mean anything else: a condition.
READ = (r"(?:\b(?:if|while)\s*\(\s*!?\s*(?:\w+(?:\.|->))*{0}\s*(?:\)|&&|\|\||[=!]=|[<>])"
        r"|\b{0}\s*\?)")


def atomics_name_their_order(sources):
    for s in sources:
        if not s.is_cxx or "tests/lint" in s.path:
            continue
        known = set(DECLARED.findall(s.code))
        yield from _calls(s, known)
        yield from _operators(s, known)


def _calls(s, known):
    for m in METHOD.finditer(s.code):
        method = m.group(1)
        receiver = RECEIVER.search(s.code[: m.start()].rstrip())
        if method in COMMON and not (receiver and receiver.group(1) in known):
            continue
        given = arguments(s.code, m.end() - 1)
        takes = WITHOUT_ORDER.get(method, 2 if method.startswith("compare") else 1)
        if len(given) == takes:
            yield s.path, s.line_of(m.start()), f"{method}() without an order is seq_cst: name the order that is meant"


def _operators(s, known):
    for name in sorted(known):
        meant = _declarations(s, name)
        for m in re.finditer(ASSIGNED.format(name), s.code):
            before = re.split(r"[;{}]", s.code[: m.start()])[-1]
            assigned = m.group().endswith("=")
            if "atomic" in before or (assigned and before.rstrip().endswith(("[", ",", "&"))):
                continue  # its declaration, a capture
            if assigned and re.search(r"(?:^|[^\w)\]])\.$", before.rstrip()):
                continue  # a designator
            if meant(m.start()):
                yield s.path, s.line_of(m.start()), f"an operator on the atomic {name} is seq_cst: name an order"
        for m in re.finditer(READ.format(name), s.code):
            if meant(m.start()):
                yield s.path, s.line_of(m.start()), f"a read of the atomic {name} without load() is seq_cst"


def _declarations(s, name):
    """A function: whether `name` at an offset is the atomic one. Where another thing of the file has the name too, the
    declaration before the place decides; if none is before it (a member), the text does not tell: no.
    """
    atomic = rf"\b(?:std|weir)::atomic[^;(){{}}=]*\s{name}(?=\s*[;={{(\[])"
    anything = rf"[\w>&*\]](?<!return)\s+[&*]?{name}(?=\s*[;={{(,)\[])"
    atomics = {m.end() for m in re.finditer(atomic, s.code)}
    every = sorted(atomics | {m.end() for m in re.finditer(anything, s.code)})

    def meant(offset):
        before = [d for d in every if d < offset]
        return before[-1] in atomics if before else set(every) == atomics

    return meant
