"""Compiler options of every target of this repository."""

# -Werror only where Weir itself is being worked on: a newer compiler's new warning must not break a user's build.
_STRICT = [
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wshadow",
    "-Wpedantic",
    "-Werror",
]

def _warnings():
    return _STRICT if native.repository_name() == "@" else []

def cxx_copts():
    return select({
        "//:clang-cl": ["/std:c++20"],
        "//conditions:default": ["-std=c++20"] + _warnings(),
    })

def c_copts():
    return select({
        "//:clang-cl": ["/std:c11"],
        "//conditions:default": ["-std=gnu11"] + _warnings(),
    })

# The library never throws and uses no RTTI; whoever includes its headers is free to.
def library_copts():
    return cxx_copts() + select({
        "//:clang-cl": [],
        "//conditions:default": [
            "-fno-exceptions",
            "-fno-rtti",
        ],
    })

def linkopts():
    return select({
        "//:clang-cl": [],
        "//:windows": [],
        "//conditions:default": ["-pthread"],
    })
