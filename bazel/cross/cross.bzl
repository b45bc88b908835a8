"""One cross compiler as a toolchain of Bazel 4."""

load("@bazel_tools//tools/cpp:unix_cc_toolchain_config.bzl", "cc_toolchain_config")

def cross(
        name,
        triple,
        constraints,
        gcc,
        scripts = [],
        tools = {},
        flags = [],
        include_dirs = [],
        link_flags = [],
        link_libs = [],
        unfiltered_compile_flags = []):
    """Declares :NAME (for --crosstool_top), :NAME_toolchain (for --extra_toolchains) and :NAME_platform.

    Args:
      name: also the --cpu.
      triple: of the compiler; prefix of the tools in /usr/bin.
      constraints: of the machines the output is for, none of which is this one.
      gcc: the compiler driver, an absolute path or a script of this package.
      scripts: of this package, that the tools need.
      tools: name -> path of those that are elsewhere than in /usr/bin.
      flags: for compiling and linking.
      include_dirs: the compiler's own.
      link_flags: in addition.
      link_libs: behind everything.
      unfiltered_compile_flags: behind everything.
    """
    paths = {
        t: "/usr/bin/%s-%s" % (triple, t)
        for t in ["ar", "cpp", "dwp", "gcov", "ld", "llvm-cov", "nm", "objcopy", "objdump", "strip"]
    }
    paths.update(tools)
    paths["gcc"] = gcc
    cc_toolchain_config(
        name = name + "_config",
        abi_libc_version = "local",
        abi_version = "local",
        compiler = "gcc",
        compile_flags = flags,
        cpu = name,
        cxx_builtin_include_directories = include_dirs,
        dbg_compile_flags = ["-g"],
        host_system_name = "local",
        link_flags = flags + link_flags,
        link_libs = link_libs,
        opt_compile_flags = ["-O2", "-DNDEBUG"],
        target_libc = "local",
        target_system_name = triple,
        tool_paths = paths,
        toolchain_identifier = name,
        unfiltered_compile_flags = unfiltered_compile_flags,
    )
    native.filegroup(
        name = name + "_files",
        srcs = scripts,
    )
    native.cc_toolchain(
        name = name + "_cc",
        all_files = ":" + name + "_files",
        ar_files = ":" + name + "_files",
        as_files = ":" + name + "_files",
        compiler_files = ":" + name + "_files",
        dwp_files = ":" + name + "_files",
        linker_files = ":" + name + "_files",
        objcopy_files = ":" + name + "_files",
        strip_files = ":" + name + "_files",
        supports_param_files = 1,
        toolchain_config = ":" + name + "_config",
        toolchain_identifier = name,
    )
    native.cc_toolchain_suite(
        name = name,
        tags = ["manual"],  # it fails for any other --cpu
        toolchains = {name: ":" + name + "_cc"},
    )
    native.toolchain(
        name = name + "_toolchain",
        target_compatible_with = constraints,
        toolchain = ":" + name + "_cc",
        toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
    )
    native.platform(
        name = name + "_platform",
        constraint_values = constraints + ["//bazel:emulated"],
    )

def gcc_cross(**kwargs):
    """As above, with a GCC of Debian's."""
    cross(
        link_libs = ["-lstdc++", "-lm"],
        # Without this GCC names headers by their real path, outside the repository.
        unfiltered_compile_flags = ["-fno-canonical-system-headers"],
        **kwargs
    )

def gcc_cross_linux(processor):
    """Debian's g++-PROCESSOR-linux-gnu, as :PROCESSOR."""
    triple = processor + "-linux-gnu"
    gcc_cross(
        name = processor,
        constraints = [
            "@platforms//cpu:" + processor,
            "@platforms//os:linux",
        ],
        gcc = "/usr/bin/%s-gcc" % triple,
        include_dirs = [
            "/usr/%s/include" % triple,
            "/usr/lib/gcc-cross/%s/" % triple,  # of whatever version
        ],
        link_flags = ["-Wl,-no-as-needed"],  # as Bazel's own toolchain on Linux
        triple = triple,
    )

def zig_cross_macos(processor):
    """zig, which brings Apple's headers and a linker, as :macos-PROCESSOR. Nothing of Apple's own is needed."""
    cross(
        name = "macos-" + processor,
        constraints = [
            "@platforms//cpu:" + processor,
            "@platforms//os:macos",
        ],
        flags = ["-target", processor + "-macos"],
        gcc = "zig-cc.sh",
        scripts = ["zig-ar.sh", "zig-cc.sh"],
        tools = {"ar": "zig-ar.sh"},
        triple = processor + "-apple-macos",
    )
