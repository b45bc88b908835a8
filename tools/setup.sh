#!/bin/bash
# tools/setup.sh: makes sure that everything a build needs is installed.
# Prints nothing and touches nothing when it is.  Debian 12+ only; elsewhere it
# says what to install.
set -euo pipefail
need=()
have() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }
for p in bazel-bootstrap bazel-rules-cc catch2 libbenchmark-dev "$@"; do
  have "$p" || need+=("$p")
done
[ ${#need[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "setup: please install Bazel (4.2 or newer), a C++20 compiler, Catch2 and Google Benchmark" >&2
  exit 1
fi
sudo=; [ "$(id -u)" -eq 0 ] || sudo="sudo -E"
echo "setup: installing ${need[*]}" >&2
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { $sudo apt-get update && $sudo apt-get install -y --no-install-recommends "${need[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2; echo "setup: apt-get failed; whole log: $log" >&2; exit 1
fi
rm -f "$log"
