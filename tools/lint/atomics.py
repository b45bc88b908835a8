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
ASSIGNED = r"(?:(?:\+\+|--)\s*{0}\b|\b{0}\s*(?:\+\+|--|[-+|&^]=|=(?![=])))"


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
        # Another declaration of the same name: the text does not tell which is meant.
        declared = re.findall(rf"[\w>&*\]]\s+{name}\s*[;={{(,)\[]", s.code)
        if len(declared) != len(re.findall(rf"\b(?:std|weir)::atomic[^;(){{}}=]*\s{name}\s*[;={{(\[]", s.code)):
            continue
        for m in re.finditer(ASSIGNED.format(name), s.code):
            before = re.split(r"[;{}]", s.code[: m.start()])[-1]
            if "atomic" in before or before.rstrip().endswith(("[", ",", ".", "&")):
                continue  # its declaration, a capture, a designator
            yield s.path, s.line_of(m.start()), f"an operator on the atomic {name} is seq_cst: name an order"
