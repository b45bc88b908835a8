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
[ "$*" = --fast ] ||
  packages+=(bazel-bootstrap bazel-rules-cc catch2 clang-tidy libboost-dev libck-dev liburcu-dev relacy-dev)
tools/setup.sh "${packages[@]}"

# Each with a zero byte behind it; git also names files that have been deleted.
sources() {
  local file
  {
    git ls-files -coz --exclude-standard '*.h' '*.cc' '*.c' 2>/dev/null ||
      find . -name .git -prune -o \( -name '*.h' -o -name '*.cc' -o -name '*.c' \) -print0
  } | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done
}

failed=0
step() {
  echo "lint: $1" >&2
  shift
  "$@" || failed=1
}
formatted() {
  sources | xargs -0 clang-format --dry-run -Werror && return
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
