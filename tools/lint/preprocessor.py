"""Systems, processors and compilers are tested for in barrier/port.h only, and for C in its like."""
import re

CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b((?:[^\n\\]|\\\n|\\.)*)", re.MULTILINE)
WORD = re.compile(r"\b[A-Za-z_]\w*")
# Names that the language and the standard library reserve for questions about themselves, and system call numbers.
ALLOWED = re.compile(r"__cplusplus|__cpp_\w+|__has_include|__has_cpp_attribute|__NR_\w+|__VA_OPT__")
# Names that belong to compilers and systems: reserved identifiers, and a few that are not.
FOREIGN = re.compile(r"_[A-Z_]\w*|linux|unix|ANDROID|WIN32|TARGET_OS_\w+")
PORT = "barrier/port.h"
PORT_OF_C = "rcu/urcu/include/urcu/arch.h"
# What programs written for liburcu define; by what NT's own headers are known to be there, and what a WCHAR is.
INTERFACE = {
    "rcu/urcu/": {"_LGPL_SOURCE"},
    "sync/nt/ntdef.h": {"_WINDOWS_", "_WINTERNL_", "_WINNT_", "_NTDEF_", "__WINE_WINTERNL_H", "__SIZEOF_WCHAR_T__"},
}


def no_systems_in_the_preprocessor(sources):
    for s in sources:
        if not s.is_cxx or s.path in (PORT, PORT_OF_C):
            continue
        known = {w for folder, words in INTERFACE.items() if s.path.startswith(folder) for w in words}
        for m in CONDITION.finditer(s.code):
            for word in set(WORD.findall(m.group(1))) - known:
                if FOREIGN.fullmatch(word) and not ALLOWED.fullmatch(word):
                    line = s.line_of(m.start())
                    yield s.path, line, f"{word} is tested for here; {PORT} is the place, or a file per system"
