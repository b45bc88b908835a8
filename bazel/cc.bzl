"""The project's own rules for C++ and C, and the one place that names rules_cc.

Per-rule files are loaded, because //cc:defs.bzl drags protobuf in from rules_cc 0.1 on.
"""

load("@rules_cc//cc:cc_binary.bzl", _cc_binary = "cc_binary")
load("@rules_cc//cc:cc_library.bzl", _cc_library = "cc_library")
load("@rules_cc//cc:cc_test.bzl", _cc_test = "cc_test")
load(":copts.bzl", "c_copts", "cxx_copts", "library_copts", "linkopts")

def _with(kwargs, copts):
    kwargs["copts"] = copts + kwargs.get("copts", [])
    kwargs["linkopts"] = linkopts() + kwargs.get("linkopts", [])
    return kwargs

def weir_cc_library(**kwargs):
    """A part of the library: included as "weir/<room>/<file>.h", without exceptions or RTTI.

    With testonly, a test's support: included by its path, with exceptions.
    """
    if kwargs.get("testonly"):
        _cc_library(**_with(kwargs, cxx_copts()))
    else:
        kwargs["include_prefix"] = "weir/" + native.package_name()
        _cc_library(**_with(kwargs, library_copts()))

def weir_c_interface(**kwargs):
    """A part of the library that offers a C interface under its own names: the caller says strip_include_prefix."""
    _cc_library(**_with(kwargs, library_copts()))

def weir_cc_shim(**kwargs):
    """A test's stand-in for a system's calls, made on Linux, which the library depends on in builds for that test."""
    kwargs["target_compatible_with"] = ["@platforms//os:linux"]
    _cc_library(**_with(kwargs, cxx_copts()))

def weir_cc_test(**kwargs):
    _cc_test(**_with(kwargs, cxx_copts()))

def weir_cc_binary(**kwargs):
    _cc_binary(**_with(kwargs, cxx_copts()))

def weir_c_library(**kwargs):
    """C sources only (-std=gnu11): rivals and the C interfaces are measured and tested as C."""
    _cc_library(**_with(kwargs, c_copts()))

def weir_c_test(**kwargs):
    _cc_test(**_with(kwargs, c_copts()))

def weir_c_binary(**kwargs):
    _cc_binary(**_with(kwargs, c_copts()))

def not_under_sanitizers():
    """For target_compatible_with: what cannot be built with a sanitizer, or would measure it."""
    return select({
        "//:sanitizer": ["//bazel:nowhere"],
        "//conditions:default": [],
    })

def not_under_tools():
    """The same, and not under valgrind either: what does on purpose what that reports."""
    return select({
        "//:sanitizer": ["//bazel:nowhere"],
        "//:valgrind": ["//bazel:nowhere"],
        "//conditions:default": [],
    })

def not_on_windows():
    """For target_compatible_with: what is POSIX's, or does not compile there."""
    return select({
        "//:windows": ["//bazel:not_on_windows"],
        "//conditions:default": [],
    })
