#!/bin/bash
# tools/consumers.sh [workspace|bzlmod|cmake]...: builds and runs the examples of how to depend on Weir, each as a user
# would; all by default. See ./run help.
#
# The last line is "N passed, N failed". --here before the name: bzlmod with the Bazel that is on the PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
. tools/home.sh

usage() {
  echo "usage: ./run consumers [workspace|bzlmod|cmake]..." >&2
  exit 2
}

here=
[ "${1:-}" != --here ] || here=yes
[ -z "$here" ] || shift
consumers=("$@")
for consumer in "$@"; do
  case $consumer in workspace | bzlmod | cmake) ;; *) usage ;; esac
done
[ $# -gt 0 ] || consumers=(workspace bzlmod cmake)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/log
passed=0 failed=0

# check SENTENCE COMMAND...: one case.
check() {
  local what=$1 begin=$SECONDS
  shift
  if "$@" >"$log" 2>&1 </dev/null; then
    passed=$((passed + 1))
    echo "consumers: $consumer: $what: ok ($((SECONDS - begin)) s)" >&2
  else
    fail "$what"
  fi
}

fail() {
  failed=$((failed + 1))
  {
    [ ! -s "$log" ] || tail -n 40 "$log" | sed 's/^/    /'
    echo "consumers: $consumer: $1: FAILED; repeat with: ./run consumers $consumer"
  } >&2
}

# What has to be there; without it the rest of the consumer is left out, as one failure.
need() {
  : >"$log"
  tools/setup.sh "$@" || {
    fail "needs $*, see above"
    return 1
  }
}

bazel_major() { bazel --version 2>/dev/null | sed -nE 's/^bazel ([0-9]+).*/\1/p' || true; }

# test_example FOLDER [FLAG...]. Bazel's server for it does not stay for long.
test_example() {
  local folder=$1
  shift
  # Without what Debian's Bazel says of its sandbox.
  (cd "examples/$folder" &&
    bazel --max_idle_secs=900 test --test_output=errors --nosandbox_debug --noshow_progress "$@" //:all)
}

consume_workspace() {
  need bazel-bootstrap bazel-rules-cc || return 0
  local major
  major=$(bazel_major)
  if [ "${major:-4}" -ge 7 ]; then
    echo "consumers: workspace: left out, since Bazel $major finds Weir by modules: ./run consumers bzlmod" >&2
    echo "1 left out"
    return 0
  fi
  check "local_repository builds and runs the programs" test_example consumer_workspace
}

# Whether a repository of Weir's own tests is visible from module $2, in the workspace $1.
sees_catch2() {
  local mapping
  mapping=$(cd "$1" && bazel mod dump_repo_mapping ${offline[@]+"${offline[@]}"} "$2") || return 2
  echo "$1, \"$2\": $mapping"
  case $mapping in *'"catch2"'*) ;; *'"rules_cc"'*) return 1 ;; *) return 2 ;; esac
}

dev_stays_home() {
  local module
  module=$(cd examples/consumer_bzlmod && bazel mod dump_repo_mapping ${offline[@]+"${offline[@]}"} "" |
    sed -n 's/.*"weir":"\([^"]*\)".*/\1/p')
  [ -n "$module" ] || return 1
  sees_catch2 . "" || return 1  # or the question means nothing
  local status=0
  sees_catch2 examples/consumer_bzlmod "$module" || status=$?
  [ "$status" -eq 1 ]
}

consume_bzlmod() {
  local major folder
  major=$(bazel_major)
  if [ "${major:-0}" -lt 7 ]; then
    [ -z "$here" ] || { fail "needs Bazel 7 or newer on the PATH" && return 0; }
    in_a_sid
    return 0
  fi
  # As tools/bazel.sh does, but in another folder.
  offline=()
  if grep -qs -e --override_module /etc/bazel/bazelrc; then
    offline=(--noenable_workspace --lockfile_mode=off)
    local module
    for module in tools/bazel-offline/*/; do
      module=$(basename "$module")
      offline+=("--override_module=$module=$top/tools/bazel-offline/$module")
    done
  fi
  check "Weir's own example test, as a module" tools/bazel.sh test --noshow_progress //tests/barrier:example_test
  check "local_path_override builds and runs the programs" test_example consumer_bzlmod ${offline[@]+"${offline[@]}"}
  check "what Weir's tests need stays at home" dev_stays_home
  # In a sid all processes end with this one; a server that is told so writes down what it has built.
  [ -n "$here" ] || return 0
  for folder in . examples/consumer_bzlmod; do
    (cd "$folder" && bazel shutdown) >"$log" 2>&1 || true
  done
}

# This machine's Bazel has no modules: the same in a Debian sid, which has.
in_a_sid() {
  : >"$log"
  local count
  count=$(
    . tools/chroot.sh
    chroot_shows=$top
    chroot_make consumers sid-bazel bazel-bootstrap bazel-rules-cc catch2 libboost-dev libck-dev liburcu-dev relacy-dev
    chroot_run /weir/tools/consumers.sh --here bzlmod
  ) || [ -n "$count" ] || {
    fail "no Bazel 7 on the PATH, and none from a Debian sid, see above"
    return 0
  }
  local sum
  read -r sum _ <<<"$count"
  passed=$((passed + sum))
  sum=${count#* passed, }
  failed=$((failed + ${sum% failed}))
}

# cmake_build SOURCE FOLDER [OPTION...]
cmake_build() {
  local source=$1 folder=$work/$2
  shift 2
  cmake -S "$source" -B "$folder" "$@" && cmake --build "$folder" --parallel 2
}

# installed NAME [OPTION...]: Weir built and installed in $work/NAME. Not where the build was told it would be: what is
# installed must not depend on it.
installed() {
  local name=$1
  shift
  cmake_build . "$name.build" -DWEIR_WARNINGS=ON "$@" && cmake --install "$work/$name.build" --prefix "$work/$name"
}

# What the examples of CMake build, in a folder.
both_run() { "$1/reader" && "$1/nt_pingpong" 0.2; }

find_package() {
  cmake_build examples/consumer_cmake/find_package "$1.found" -DCMAKE_PREFIX_PATH="$work/$1" &&
    both_run "$work/$1.found"
}

pkg_config() {
  local libraries
  libraries=$(cd "$work/$1"/lib* && pwd)
  mkdir -p "$work/$1.pc"
  (cd "$work/$1.pc" && PKG_CONFIG_PATH=$libraries/pkgconfig "$top/examples/consumer_cmake/pkg_config/build.sh" &&
    export LD_LIBRARY_PATH=$libraries && both_run .)
}

# Each installed header that users include, by itself.
headers_alone() {
  local header
  for header in barrier/{barrier,shared,std26} hazard/{array,cohort,domain,local,pointer,retire,std26} \
    rcu/{domain,qsbr,ready,retire,std26} sync/nt/{nt,ntapi} sync/park/timeout; do
    echo "#include \"weir/$header.h\"" |
      g++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -x c++ "-I$work/static/include" - || return 1
  done
  echo '#include "weir/sync/nt/ntapi.h"' |
    gcc -std=c11 -Wall -Wextra -Werror -Wpedantic -fsyntax-only -x c "-I$work/static/include" -
}

# pinned STRATEGY: the form reaches the reader by the target, and by pkg-config; without it the reader does not link.
pinned() {
  installed "pin-$1" "-DWEIR_BARRIER_FORM=pin-$1" && find_package "pin-$1" && pkg_config "pin-$1" || return 1
  g++ -std=c++20 "-I$work/pin-$1/include" examples/reader/reader.cc -o "$work/other_form" \
    "$work/pin-$1"/lib*/libweir.a -pthread 2>"$work/refusal" && return 1
  grep form_dynamic "$work/refusal"
}

# On a copy.
links_then_none() {
  mkdir "$work/copy" && git ls-files -z | xargs -0 cp --parents -t "$work/copy" || return 1
  cp -r "$work/copy" "$work/copied"
  cmake -S "$work/copied" -B "$work/turns" && cmake -S "$work/copied" -B "$work/turns" -DWEIR_NO_LINKS=ON &&
    cmake -S "$work/copied" -B "$work/turns" -DWEIR_NO_LINKS=OFF && diff -r "$work/copy" "$work/copied"
}

absolute() {
  installed absolute -DCMAKE_INSTALL_LIBDIR="$work/absolute/lib" -DCMAKE_INSTALL_INCLUDEDIR="$work/absolute/headers" \
    -DWEIR_NO_LINKS=ON && pkg_config absolute
}

fetch_content() {
  cmake_build examples/consumer_cmake/fetch_content fetched && both_run "$work/fetched"
}

urcu() {
  cmake_build examples/consumer_cmake/urcu urcu && "$work/urcu/config_reload"
}

two_objects() {
  cmake_build tests/dso shared.dso -DBUILD_SHARED_LIBS=ON && "$work/shared.dso/linked" &&
    "$work/shared.dso/loading" "$work/shared.dso/libread.so" "$work/shared.dso/libwrite.so"
}

# Runs a command that must die of the second copy.
refused() {
  local said
  said=$("$@" 2>&1) && return 1
  echo "$said"
  case $said in *"two copies of Weir"*) ;; *) return 1 ;; esac
}

two_copies() {
  cmake_build tests/dso static.dso -DBUILD_SHARED_LIBS=OFF && refused "$work/static.dso/linked" &&
    refused "$work/static.dso/loading" "$work/static.dso/libread.so" "$work/static.dso/libwrite.so"
}

# The naming rule of CMakeLists.txt against what the BUILD files name: $work/sources/sources.txt, which a run of CMake
# has written, and Bazel's sources with an option; of the rooms that match $2, or of all.
compare_sources() {
  tools/bazel.sh cquery "$1" --noshow_progress --ui_event_filters=-info --output=label \
    'filter("^//.*\.cc$", kind("source file", deps(//:weir + //sync/nt:ntapi)))' >"$work/labels" &&
    sed -nE 's#^//([^ :]*):([^ ]*).*#\1/\2#p' "$work/labels" | grep -v ^tests/ | grep "^${2:-}" | sort -u \
      >"$work/bazel.txt" && grep "^${2:-}" "$work/sources/sources.txt" | sort | diff - "$work/bazel.txt"
}

same_sources() {
  local form
  for form in dynamic edges pin-fence pin-flush pin-membarrier pin-mprotect pin-registers; do
    cmake -S . -B "$work/sources" "-DWEIR_BARRIER_FORM=$form" && compare_sources "--//barrier:form=$form" || return 1
  done
}

# same_elsewhere SYSTEM BAZEL_OPTION [ROOMS]: CMake's name of the system. With a compiler that is none for it, CMake
# fails in the end, but the sources have been chosen by then.
same_elsewhere() {
  rm -rf "$work/sources"
  cmake -S . -B "$work/sources" -DCMAKE_SYSTEM_NAME="$1" -DCMAKE_SYSTEM_PROCESSOR=x86_64 -DCMAKE_CXX_COMPILER=g++ \
    -DCMAKE_CXX_COMPILER_FORCED=ON -DCMAKE_HAVE_LIBC_PTHREAD=ON || true
  compare_sources "$2" "${3:-}"
}

consume_cmake() {
  need bazel-bootstrap bazel-rules-cc cmake g++ make pkg-config || return 0
  check "the static library is built and installed" installed static
  check "find_package builds and runs the programs" find_package static
  check "pkg-config builds and runs the programs" pkg_config static
  check "FetchContent builds and runs the programs" fetch_content
  check "a program for liburcu builds and runs with weir::urcu" urcu
  check "each installed header compiles by itself" headers_alone
  check "the shared library is built and installed" installed shared -DBUILD_SHARED_LIBS=ON
  check "find_package, with the shared library" find_package shared
  check "pkg-config, with the shared library" pkg_config shared
  check "two shared objects share one Weir" two_objects
  check "two shared objects with a Weir each are refused" two_copies
  check "a pinned form travels with the target, and others do not link" pinned fence
  check "links, then none, in one folder: the sources stay as they are" links_then_none
  check "absolute folders, no links; pkg-config builds and runs the programs" absolute
  check "the sources are those that Bazel builds" same_sources
  local major
  major=$(bazel_major)
  if [ "${major:-4}" -gt 4 ]; then
    echo "consumers: cmake: other systems' sources: left out, since their toolchains are for Bazel 4" >&2
    echo "1 left out"
    return 0
  fi
  # The shim stands in for FreeBSD's barrier alone: the rest of that build is Linux's.
  check "also for FreeBSD, the barrier" same_elsewhere FreeBSD --//barrier:shim=freebsd barrier/
  check "also for macOS" same_elsewhere Darwin --config=macos-x86_64
  check "also for Windows" same_elsewhere Windows --config=windows
}

for consumer in "${consumers[@]}"; do "consume_$consumer"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && { [ "$passed" -gt 0 ] || [ "${consumers[*]}" = workspace ]; }  # that may be left out
