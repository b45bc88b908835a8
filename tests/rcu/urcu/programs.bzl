"""Programs that are compiled unchanged against Weir and against the system's liburcu, as C and as C++."""

load("//bazel:cc.bzl", "not_on_windows", "not_under_sanitizers", "weir_c_test", "weir_cc_test")

# How the system's headers want to be compiled: they convert to unions, and use what C++20 deprecates.
_SYSTEM = struct(
    c = ["-Wno-pedantic"],
    cc = [
        "-std=gnu++17",
        "-Wno-pedantic",
    ],
)

# The oldest standards that ours promise.
_OURS = struct(
    c = ["-std=c11"],
    cc = ["-std=c++11"],
)

FLAVOURS = [
    "memb",
    "mb",
    "qsbr",
    "bp",
]

def urcu_test(
        name,
        program = None,
        flavour = None,
        system = True,
        args = [],
        system_args = None,
        heads = False,
        real = False,
        copts = [],
        **kwargs):
    """<program>.c as four tests: <name>{,_system}_{c,cc}_test.

    Args:
      name: the program's, unless that is given.
      program: the source's name without .c.
      flavour: the one that the program is compiled for, by tests/rcu/urcu/flavour.h; else it needs none, or all.
      system: whether the system's liburcu has what the program uses.
      args: arguments of the program.
      system_args: others with that one.
      real: whether it needs a machine that is not emulated.
      heads: whether heads of containers convert to unions in C, which -Wpedantic tells.
      copts: options for all.
      **kwargs: of the tests.
    """
    program = program or name
    tags = kwargs.pop("tags", []) + ["cpu:2"]
    size = kwargs.pop("size", "small")
    copts = copts + (["-DTEST_" + flavour.upper()] if flavour else [])
    native.genrule(
        name = name + "_as_cc",
        srcs = [program + ".c"],
        outs = [name + "_as.cc"],
        cmd = "cp $< $@",
    )
    for suffix, deps, where, standard in [
        ("", ["//rcu/urcu"], not_on_windows() + (["//bazel:real"] if real else []), _OURS),
        (
            "_system",
            ["@liburcu//:" + f for f in ([flavour] if flavour else FLAVOURS)],
            not_under_sanitizers() + ["//bazel:real"],
            _SYSTEM,
        ),
    ]:
        if suffix and not system:
            continue
        weir_c_test(
            name = name + suffix + "_c_test",
            size = size,
            srcs = [program + ".c"],
            copts = standard.c + copts + (["-Wno-pedantic"] if heads else []),
            tags = tags,
            target_compatible_with = where,
            args = system_args if suffix and system_args else args,
            deps = deps + [":support"],
            **kwargs
        )
        weir_cc_test(
            name = name + suffix + "_cc_test",
            size = size,
            srcs = [name + "_as.cc"],
            copts = standard.cc + copts,
            tags = tags,
            target_compatible_with = where,
            args = system_args if suffix and system_args else args,
            deps = deps + [":support"],
            **kwargs
        )
