#!/bin/bash
# tools/bazel.sh ARGS...: bazel, with the flags that this machine's version needs.
set -euo pipefail
cd "$(dirname "$0")/.."
major=$(bazel --version 2>/dev/null | sed -nE 's/^bazel ([0-9]+).*/\1/p')
extra=()
# Bazel 7+ resolves modules; a machine without the central registry uses the stubs.
if [ "${major:-4}" -ge 7 ] && [ -e /usr/share/bazel/rules/cc ]; then extra=(--config=offline); fi
cmd=$1; shift
bazel "$cmd" ${extra[@]+"${extra[@]}"} "$@"
