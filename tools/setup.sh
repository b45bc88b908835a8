#!/bin/bash
# tools/setup.sh PACKAGE...: makes sure that these Debian packages are installed.
#
# Prints nothing and touches nothing when they are. What a package is wanted for may also come from elsewhere: a program
# on the PATH is as good as its package. Where there is no apt-get it says which programs are missing.
set -euo pipefail

# The program that a package is wanted for; none: a library or a set of files.
program_of() {
  case $1 in
    bazel-bootstrap) echo bazel ;;
    python3 | clang | clang-format | clang-tidy | valgrind | git | cmake | g++ | make | pkg-config | npm) echo "$1" ;;
  esac
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

have() {
  local program
  program=$(program_of "$1")
  [ -z "$program" ] || { command -v "$program" >/dev/null && return 0; }
  # Rules that stand beside Debian's own Bazel; another one finds its own.
  [ "$1" != bazel-rules-cc ] || { command -v bazel >/dev/null && ! installed bazel-bootstrap && return 0; }
  installed "$1"
}

without_apt() {
  local programs=() package program
  for package in "$@"; do
    program=$(program_of "$package")
    [ -z "$program" ] || programs+=("$program")
  done
  # Libraries come as archives, or fail by name when Bazel wants them.
  [ ${#programs[@]} -gt 0 ] || exit 0
  echo "setup: please install ${programs[*]} (Bazel 4.2 or newer, GCC 12 or Clang 14 or newer);" \
    "only on Debian and its relatives can this script do it" >&2
  exit 1
}

# Runs a command with its output in $log, and every few seconds shows how far it is.
quietly() {
  local seconds=0
  "$@" >>"$log" 2>&1 </dev/null &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    [ $((seconds % 10)) -ne 0 ] || echo "setup: ... $seconds s: $(tail -n 1 "$log" | cut -c1-90)" >&2
  done
  wait "$pid"
}

need=()
for package in "$@"; do have "$package" || need+=("$package"); done
[ ${#need[@]} -gt 0 ] || exit 0
command -v apt-get >/dev/null || without_apt "${need[@]}"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: please run this as root, or install sudo: apt-get install ${need[*]}" >&2
    exit 1
  fi
  sudo -v
  as_root=(sudo)
fi
as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)

echo "setup: installing ${need[*]}" >&2
log=$(mktemp)
# Old lists may do, where the network is restricted: the installation tells.
quietly "${as_root[@]}" update || echo "setup: apt-get update failed; trying with the lists that are there" >&2
if ! quietly "${as_root[@]}" install -y --no-install-recommends "${need[@]}"; then
  tail -n 20 "$log" >&2
  echo "setup: apt-get could not install ${need[*]}; its whole output is in $log" >&2
  exit 1
fi
rm -f "$log"
echo "setup: done" >&2
