"""A source file taken apart: what is code, what is comment, what is text in quotes."""
import re

TOKEN = re.compile(
    r'R"(?P<raw>[^(\s]*)\(.*?\)(?P=raw)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])(?:u8|[uUL])?'(?:\\.|[^'\\\n])+'"  # not the ' of 10'000
    r"|//[^\n]*"
    r"|/\*.*?\*/",
    re.DOTALL,
)
ROOMS = ("barrier", "rcu", "hazard", "sync")
CXX = (".h", ".cc", ".c")


def blank(text):
    """As long as `text` and with its line breaks, but empty."""
    return re.sub(r"[^\n]", " ", text)


class Source:
    """path: relative to the top. code: without comments and the insides of quotes. comments: nothing else."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self.room = path.split("/")[0] if path.split("/")[0] in ROOMS else None
        self.is_cxx = path.endswith(CXX)
        self.code = self.comments = ""
        if self.is_cxx:
            self._take_apart()
        self.code_lines = self.code.split("\n")
        self.comment_lines = self.comments.split("\n")

    def _take_apart(self):
        code, comments, at = [], [], 0
        for m in TOKEN.finditer(self.text):
            code.append(self.text[at : m.start()])
            comments.append(blank(self.text[at : m.start()]))
            token = m.group()
            if token.startswith(("//", "/*")):
                code.append(blank(token))
                comments.append(token)
            else:
                quote = token[-1]
                first = token.index(quote)
                code.append(token[: first + 1] + blank(token[first + 1 : -1]) + quote)
                comments.append(blank(token))
            at = m.end()
        self.code = "".join(code) + self.text[at:]
        self.comments = "".join(comments) + blank(self.text[at:])

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def under(self, *folders):
        return self.path.startswith(tuple(f + "/" for f in folders))


def closing(code, opening):
    """The offset after the bracket that closes the one at `opening`; the end of the code if none does."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    left, right, depth = code[opening], pairs[code[opening]], 0
    for i in range(opening, len(code)):
        if code[i] == left:
            depth += 1
        elif code[i] == right:
            depth -= 1
            if depth == 0:
                return i + 1
    return len(code)


def arguments(code, opening):
    """The arguments of the call whose bracket is at `opening`, split at commas outside inner brackets."""
    inside = code[opening + 1 : closing(code, opening) - 1]
    parts, depth, start = [], 0, 0
    for i, c in enumerate(inside):
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(inside[start:i])
            start = i + 1
    parts.append(inside[start:])
    return [p.strip() for p in parts] if inside.strip() else []
