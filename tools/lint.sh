#!/bin/bash
# tools/lint.sh [--fast]: checks style and conventions; see ./run help.
set -euo pipefail
cd "$(dirname "$0")/.."

case "$*" in
  '' | --fast) ;;
  *)
    echo "usage: ./run lint [--fast]" >&2
    exit 2
    ;;
esac
