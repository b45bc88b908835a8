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

packages=(python3 clang-format)
[ "$*" = --fast ] || packages+=(bazel-bootstrap bazel-rules-cc catch2 clang-tidy liburcu-dev relacy-dev)
tools/setup.sh "${packages[@]}"

sources() {
  git ls-files -co --exclude-standard '*.h' '*.cc' '*.c' 2>/dev/null ||
    find . -name .git -prune -o \( -name '*.h' -o -name '*.cc' -o -name '*.c' \) -print
}

failed=0
step() {
  echo "lint: $1" >&2
  shift
  "$@" || failed=1
}
formatted() {
  sources | xargs clang-format --dry-run -Werror && return
  echo "lint: to format everything: clang-format -i \$(git ls-files '*.h' '*.cc' '*.c')" >&2
  return 1
}
tidy() {
  python3 tools/compdb.py --config=checks && python3 tools/tidy.py
}

step "conventions" python3 tools/lint
step "clang-format" formatted
[ "$*" = --fast ] || step "clang-tidy, some seconds for each source" tidy
if [ "$failed" -ne 0 ]; then
  echo "lint: something was found; see above" >&2
  exit 1
fi
echo "lint: nothing found" >&2
