"""Which of the files that differ between systems make up the library on each."""

_ELF = ["image_elf.cc"]

_LINUX = _ELF + [
    "environment_linux.cc",
    "fork_posix.cc",
    "membarrier_linux.cc",
    "shared_linux.cc",
    ":mprotect_of_processor",
]

_ANDROID = _LINUX + [
    "policy_android.cc",
    "thread_emulated.cc",
]

_APPLE = [
    "environment_bsd.cc",
    "fork_posix.cc",
    "image_macho.cc",
    "registers_apple.cc",
    "shared_other.cc",
    "thread_emulated.cc",
]

_FREEBSD = _ELF + [
    "environment_bsd.cc",
    "fork_posix.cc",
    "membarrier_freebsd.cc",
    "shared_freebsd.cc",
    "thread_posix.cc",
]

# Everything of the system but its format of object files.
_APPLE_ON_LINUX = _ELF + [f for f in _APPLE if f != "image_macho.cc"]

SOURCES = {
    "//:android": _ANDROID,
    "//:apple": _APPLE,
    "//:freebsd": _FREEBSD,
    "//:linux": _LINUX + [
        "policy_linux.cc",
        "thread_posix.cc",
    ],
    "//:windows": [
        "atomic_windows.cc",
        "environment_other.cc",
        "flush_windows.cc",
        "image_windows.cc",
        "shared_other.cc",
        "static_mutex_windows.cc",
        "thread_windows.cc",
    ],
    ":shim-android": _ANDROID,
    ":shim-apple": _APPLE_ON_LINUX,
    ":shim-freebsd": _FREEBSD,
    ":shim-freebsd-14.0": _FREEBSD,
    "//conditions:default": [
        "environment_other.cc",
        "fork_posix.cc",
        "image_other.cc",
        "shared_other.cc",
        "thread_emulated.cc",
    ],
}

LADDERS = {
    "//:android": ["ladder_linux.cc"],
    "//:apple": ["ladder_apple.cc"],
    "//:freebsd": ["ladder_freebsd.cc"],
    "//:linux": ["ladder_linux.cc"],
    "//:windows": ["ladder_windows.cc"],
    ":shim-android": ["ladder_linux.cc"],
    ":shim-apple": ["ladder_apple.cc"],
    ":shim-freebsd": ["ladder_freebsd.cc"],
    ":shim-freebsd-14.0": ["ladder_freebsd.cc"],
    "//conditions:default": ["ladder_other.cc"],
}

# The systems that tests/support/shim plays on Linux.
SHIMS = [
    "android",
    "apple",
    "freebsd",
    "freebsd-14.0",
]

SHIM_DEPS = dict(
    [(":shim-" + system, ["//tests/support/shim:" + system]) for system in SHIMS] + [("//conditions:default", [])],
)

# What barrier/port.h is told of them, in every object.
SHIM_DEFINES = {
    ":shim-android": [],
    ":shim-apple": ["WEIR_SYSTEM=apple"],
    ":shim-freebsd": ["WEIR_SYSTEM=freebsd"],
    ":shim-freebsd-14.0": ["WEIR_SYSTEM=freebsd"],
    "//conditions:default": [],
}
