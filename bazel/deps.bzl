"""External repositories for WORKSPACE users and for this repository's own tests.

Each repository is taken from the operating system when it is there, and from a
pinned archive otherwise.  WEIR_DEPS=system|archive forces one or the other.
"""

load(":archives.bzl", "ARCHIVES")

def _system(rctx):
    """Links the files named by rctx.attr.links, if all are there. True if so."""
    found = []
    for dest, candidates in rctx.attr.links.items():
        hit = None
        for c in candidates:
            if rctx.path(c).exists:
                hit = c
                break
        if not hit and not dest.endswith("?"):
            return False
        if hit:
            found.append((hit, dest.replace("?", "")))
    for src, dest in found:
        rctx.symlink(src, dest)
    return True

def _fetch(rctx, archive, only_file = None):
    """Downloads what archives.bzl has by this name: one file, or an archive."""
    if only_file:
        rctx.download(url = archive["urls"], sha256 = archive["sha256"], output = only_file)
    else:
        rctx.download_and_extract(
            url = archive["urls"],
            sha256 = archive["sha256"],
            stripPrefix = archive["strip_prefix"],
        )

# Debian 12 ships rules_cc 0.0.4 beside Bazel 4.2.3, which cannot load it: two
# files want a function of Bazel 5.  And 0.0.4 has no per-rule files yet.
def _mend_rules_cc(rctx):
    tools = rctx.read(rctx.path(Label("@bazel_tools//tools/cpp:toolchain_utils.bzl")))
    if "def use_cpp_toolchain" not in tools:
        for flag in ["compiler_flag", "cc_flags_supplier"]:
            path = "cc/private/rules_impl/%s.bzl" % flag
            text = rctx.read(path) if rctx.path(path).exists else ""
            if "use_cpp_toolchain" in text:
                rctx.delete(path)
                rctx.file(path, text.replace(", \"use_cpp_toolchain\")", ")").replace(
                    "use_cpp_toolchain()",
                    "[\"@bazel_tools//tools/cpp:toolchain_type\"]",
                ))
    for rule in ["cc_binary", "cc_import", "cc_library", "cc_test"]:
        if not rctx.path("cc/%s.bzl" % rule).exists:
            rctx.file("cc/%s.bzl" % rule, "load(\":defs.bzl\", _r = \"%s\")\n\n%s = _r\n" % (rule, rule))

def _rules_cc_impl(rctx):
    mode = rctx.os.environ.get("WEIR_DEPS", "auto")
    system = "/usr/share/bazel/rules/cc"
    if mode != "archive" and rctx.path(system + "/cc").exists:
        done = rctx.execute(["cp", "-RL", system + "/.", "."])
        if done.return_code:
            fail("cannot copy %s: %s" % (system, done.stderr))
    elif mode == "system":
        fail("rules_cc is not installed here; apt-get install bazel-rules-cc")
    else:
        _fetch(rctx, ARCHIVES["rules_cc"])
    _mend_rules_cc(rctx)

rules_cc_repository = repository_rule(
    implementation = _rules_cc_impl,
    environ = ["WEIR_DEPS"],
)

# Bazel 4 loads @rules_java for its own tools on every build and would download
# it.  There is no Java here: its rules are still native in Bazel 4.
def _rules_java_stub_impl(rctx):
    rctx.file("java/BUILD", "")
    rctx.file("java/defs.bzl", "".join([
        "%s = native.%s\n" % (r, r)
        for r in ["java_binary", "java_import", "java_library", "java_runtime", "java_test", "java_toolchain"]
    ]))

_rules_java_stub = repository_rule(implementation = _rules_java_stub_impl)

# Every cc_test of Bazel 4 to 7 also depends on the Java coverage merger, which is a download.
def _coverage_stub_impl(rctx):
    rctx.file("BUILD", """package(default_visibility = ["//visibility:public"])
exports_files(["merge.sh"])
[sh_binary(name = n, srcs = ["merge.sh"]) for n in ["Main", "coverage_report_generator", "lcov_merger"]]
""")
    rctx.symlink(rctx.attr._merge, "merge.sh")

_coverage_stub = repository_rule(
    implementation = _coverage_stub_impl,
    attrs = {"_merge": attr.label(default = "//bazel:coverage_merge.sh")},
)

def weir_offline():
    """Stops Bazel 4 from downloading what its Java and coverage tools need."""
    old = native.bazel_version.split(".")[0] in ["", "4"]  # Debian's 4.2.3 has no version
    if old and not native.existing_rule("rules_java"):
        _rules_java_stub(name = "rules_java")
    if old and not native.existing_rule("remote_coverage_tools"):
        _coverage_stub(name = "remote_coverage_tools")

def _impl(rctx):
    mode = rctx.os.environ.get("WEIR_DEPS", "auto")
    if mode not in ["auto", "system", "archive"]:
        fail("WEIR_DEPS must be auto, system or archive, not " + mode)
    if mode == "archive" or not _system(rctx):
        if mode == "system" or not rctx.attr.archive:
            fail("%s: not installed here; apt-get install %s" % (rctx.name, rctx.attr.debian))
        archive = ARCHIVES[rctx.attr.archive]
        _fetch(rctx, archive, archive.get("file"))
    for path, text in rctx.attr.generated.items():
        rctx.file(path, text)
    rctx.symlink(rctx.attr.build_file, "BUILD.bazel")
    rctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % rctx.name)

system_or_archive = repository_rule(
    implementation = _impl,
    attrs = {
        "archive": attr.string(doc = "key in archives.bzl; none: there is no archive to fall back on"),
        "build_file": attr.label(
            mandatory = True,
            allow_single_file = True,
            doc = "for the system's copy and the archive",
        ),
        "debian": attr.string(doc = "Debian package that provides the system copy"),
        "generated": attr.string_dict(doc = "path in the repository -> text of a file to write there"),
        "links": attr.string_list_dict(
            doc = "path in the repository (? at the end: optional) -> candidates; the first that exists is linked",
        ),
    },
    environ = ["WEIR_DEPS"],
)

_TRIPLETS = ["x86_64-linux-gnu", "aarch64-linux-gnu", "riscv64-linux-gnu"]

def _lib(name):
    return ["/usr/lib/" + name] + ["/usr/lib/%s/%s" % (t, name) for t in _TRIPLETS]

def _include(name):
    return ["/usr/include/" + name] + ["/usr/include/%s/%s" % (t, name) for t in _TRIPLETS]

def weir_dependencies():
    """What users of the library need (nothing but rules_cc)."""
    if not native.existing_rule("rules_cc"):
        rules_cc_repository(name = "rules_cc")

def weir_dev_dependencies():
    """What the tests and benchmarks of this repository need."""
    if not native.existing_rule("catch2"):
        system_or_archive(
            name = "catch2",
            archive = "catch2",
            debian = "catch2",
            # Catch2 2 needs it; Catch2 3 has a library instead.
            generated = {"main.cc": "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n"},
            links = {
                "include/catch2": ["/usr/include/catch2"],
                "lib/1_main.a?": _lib("libCatch2Main.a"),
                "lib/2_catch.a?": _lib("libCatch2.a"),
            },
            build_file = "//bazel:catch2.BUILD",
        )
    if not native.existing_rule("relacy"):
        system_or_archive(
            name = "relacy",
            debian = "relacy-dev",
            # Not include = /usr/include: relacy/pthread.h must stay out of the include path.
            links = {"include/relacy": ["/usr/include/relacy"]},
            build_file = "//bazel:relacy.BUILD",
        )
    if not native.existing_rule("boost_lockfree"):
        system_or_archive(
            name = "boost_lockfree",
            debian = "libboost-dev",
            links = {"include/boost": ["/usr/include/boost"]},
            build_file = "//bazel:boost_lockfree.BUILD",
        )
    if not native.existing_rule("ck"):
        system_or_archive(
            name = "ck",
            debian = "libck-dev",
            links = dict(
                [("include/" + h, _include(h)) for h in [
                    "ck_cc.h",
                    "ck_hp.h",
                    "ck_limits.h",
                    "ck_md.h",
                    "ck_pr.h",
                    "ck_stack.h",
                    "ck_stdbool.h",
                    "ck_stddef.h",
                    "ck_stdint.h",
                    "gcc",
                ]] + [("lib/libck.a", _lib("libck.a"))],
            ),
            build_file = "//bazel:ck.BUILD",
        )
    if not native.existing_rule("liburcu"):
        system_or_archive(
            name = "liburcu",
            debian = "liburcu-dev",
            links = dict(
                [("include/" + h, _include(h)) for h in [
                    "urcu",
                    "urcu.h",
                    "urcu-bp.h",
                    "urcu-call-rcu.h",
                    "urcu-defer.h",
                    "urcu-flavor.h",
                    "urcu-pointer.h",
                    "urcu-qsbr.h",
                ]] + [("lib/" + l, _lib(l)) for l in [
                    "liburcu-bp.so",
                    "liburcu-common.so",
                    "liburcu-mb.so",
                    "liburcu-memb.so",
                    "liburcu-qsbr.so",
                ]],
            ),
            build_file = "//bazel:liburcu.BUILD",
        )
