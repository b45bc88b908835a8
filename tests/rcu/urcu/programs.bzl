"""Programs that are compiled unchanged against Weir and against the system's liburcu, as C and as C++."""

load("//bazel:cc.bzl", "not_on_windows", "not_under_sanitizers", "weir_c_test", "weir_cc_test")

def urcu_test(name, flavours = ["memb"], system = True, size = "small", **kwargs):
    """<name>.c as four tests: <name>{,_system}_{c,cc}_test. The oldest standards that the headers promise for ours.

    Args:
      flavours: of the system's libraries, those that the program needs.
      system: whether the system's liburcu has what the program uses.
    """
    tags = kwargs.pop("tags", []) + ["cpu:2"]
    native.genrule(
        name = name + "_as_cc",
        srcs = [name + ".c"],
        outs = [name + "_as.cc"],
        cmd = "cp $< $@",
    )
    for suffix, deps, where, c, cc in [
        ("", ["//rcu/urcu"], not_on_windows(), ["-std=c11", "-Wno-pedantic"], ["-std=c++11"]),
        (
            "_system",
            ["@liburcu//:" + f for f in flavours],
            not_under_sanitizers() + ["//bazel:real"],
            ["-Wno-pedantic"],
            ["-std=gnu++20"],
        ),
    ]:
        if suffix and not system:
            continue
        weir_c_test(
            name = name + suffix + "_c_test",
            size = size,
            srcs = [name + ".c"],
            copts = c,
            tags = tags,
            target_compatible_with = where,
            deps = deps + [":check"],
            **kwargs
        )
        weir_cc_test(
            name = name + suffix + "_cc_test",
            size = size,
            srcs = [name + "_as.cc"],
            copts = cc,
            tags = tags,
            target_compatible_with = where,
            deps = deps + [":check"],
            **kwargs
        )
