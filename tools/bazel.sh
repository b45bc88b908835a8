#!/bin/bash
# tools/bazel.sh COMMAND ARGS...: bazel, with the flags that this machine's version needs.
#
# Not an executable tools/bazel, which would replace bazel for everybody; and no exec: Bazel's client must not become
# process 1 of a container, where nobody would collect its server.
set -euo pipefail
cd "$(dirname "$0")/.."

. tools/home.sh

if ! command -v bazel >/dev/null; then
  echo "bazel: there is no bazel on the PATH; on Debian, tools/setup.sh bazel-bootstrap bazel-rules-cc installs it" >&2
  exit 1
fi
extra=()
major=$(bazel --version 2>/dev/null | sed -nE 's/^bazel ([0-9]+).*/\1/p') || true
# Bazel 7 resolves modules. Debian's finds the most of them on the disk, and stubs for the rest here.
if [ "${major:-4}" -ge 7 ] && grep -qs -e --override_module /etc/bazel/bazelrc; then extra=(--config=offline); fi
command=$1
shift
bazel "$command" ${extra[@]+"${extra[@]}"} "$@"
