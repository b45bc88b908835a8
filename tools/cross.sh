#!/bin/bash
# tools/cross.sh [SYSTEM...] [-- BAZEL_ARGUMENT...]: builds the tests for other systems and runs them where an emulator
# can; see ./run help and docs/platforms.md.
#
# The last line is "N passed, N failed": test cases, and for macos, where nothing can be run, targets built and linked.
set -euo pipefail
cd "$(dirname "$0")/.."

every=(aarch64 riscv64 windows macos)

usage() {
  echo "usage: ./run cross [SYSTEM...] [-- BAZEL_ARGUMENT...]   SYSTEM is one of: ${every[*]}; none: all" >&2
  exit 2
}

die() {
  echo "cross: $*" >&2
  exit 1
}

systems=()
while [ $# -gt 0 ]; do
  case $1 in
    --) shift && break ;;
    *)
      [[ " ${every[*]} " == *" $1 "* ]] || usage
      systems+=("$1")
      ;;
  esac
  shift
done
[ ${#systems[@]} -gt 0 ] || systems=("${every[@]}")

. tools/arguments.sh

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "the cross compilers and emulators are those of Debian on x86-64"
packages=(bazel-bootstrap bazel-rules-cc catch2 libboost-dev libck-dev liburcu-dev python3 relacy-dev)
for system in "${systems[@]}"; do
  case $system in
    aarch64) packages+=(g++-aarch64-linux-gnu qemu-user) ;;
    riscv64) packages+=(g++-riscv64-linux-gnu qemu-user) ;;
    windows) packages+=(g++-mingw-w64-x86-64-posix wine wine64) ;;
  esac
done
tools/setup.sh "${packages[@]}"
major=$(bazel --version 2>/dev/null | sed -nE 's/^bazel ([0-9]+).*/\1/p')  # none: Debian's 4.2.3
[ "${major:-4}" -le 4 ] || die "the toolchains (bazel/cross) are written for Bazel 4, and this is Bazel $major"

. tools/home.sh
cache=${XDG_CACHE_HOME:-$HOME/.cache}/weir
mkdir -p "$cache"
work=$(mktemp -d)
unset WINEPREFIX  # the caller's own is left alone
# The server of Wine's programs outlives them by itself.
clean_up() {
  rm -rf "$work"
  [ -z "${WINEPREFIX:-}" ] || wineserver -k || true
}
trap clean_up EXIT

# count KIND SYSTEM NAME BAZEL_COMMAND ARGUMENT...: builds, and counts into $work/NAME.count.
count() {
  local kind=$1 system=$2 name=$3 command=$4 events=$work/$3.events
  shift 4
  # Its exit code is among the events. 9: the lock below, which Bazel's server must not inherit.
  tools/bazel.sh "$command" --keep_going --build_event_json_file="$events" "$@" ${arguments[@]+"${arguments[@]}"} \
    -- "${targets[@]}" ${without[@]+"${without[@]}"} 9>&- || true
  python3 tools/tally.py "$kind" "$system" "$events" cross >"$work/$name.count"
}

# The folder that Wine takes for its disks. One run at a time: they share its server.
make_prefix() {
  export WINEPREFIX=$cache/wine WINEDEBUG=-all
  exec 9>"$cache/wine.lock"
  flock -n 9 || echo "cross: another run uses Wine; waiting for its end" >&2
  flock 9
  echo "cross: making Wine's prefix in $WINEPREFIX" >&2
  mkdir -p "$WINEPREFIX"
  # Started here, and to stay: one that a test starts is killed at its end, and with it all other tests' programs.
  wineserver -k 9>&- || true
  wineserver -p 9>&- || die "Wine's server could not be started"
  # Neither Mono nor Gecko, and no window.
  env -u DISPLAY WINEDLLOVERRIDES=mscoree,mshtml= wineboot -i >"$work/wine.log" 2>&1 9>&- </dev/null ||
    die "wineboot failed: $(tail -n 1 "$work/wine.log")"
}

macos() {
  local zig processor
  if ! zig=$(tools/zig.sh); then
    echo "0 passed, 1 failed" >"$work/macos.count"
    lines+=("macos: not built, because there is no zig; the reason is above")
    return
  fi
  mkdir -p "$cache/zig-cache"
  for processor in aarch64 x86_64; do
    echo "cross: building everything for macOS on $processor" >&2
    count built macos "macos-$processor" build --config="macos-$processor" --action_env=WEIR_ZIG="$zig" \
      --action_env=ZIG_GLOBAL_CACHE_DIR="$cache/zig-cache" --action_env=ZIG_LOCAL_CACHE_DIR="$cache/zig-cache" \
      --sandbox_writable_path="$cache/zig-cache"
    lines+=("macos $processor (zig; linked, not run; targets): $(cat "$work/macos-$processor.count")")
  done
}

lines=()
for system in "${systems[@]}"; do
  case $system in
    macos) macos ;;
    windows)
      make_prefix
      echo "cross: building for Windows, running under Wine" >&2
      count count windows windows test --config=windows --test_output=summary --test_env=WINEPREFIX="$WINEPREFIX"
      lines+=("windows (wine): $(cat "$work/windows.count")")
      ;;
    *)
      echo "cross: building for $system, running under qemu" >&2
      count count "$system" "$system" test --config="$system" --test_output=summary
      lines+=("$system (qemu-user): $(cat "$work/$system.count")")
      ;;
  esac
done
printf '%s\n' "${lines[@]}"
python3 tools/tally.py sum "$work"/*.count
