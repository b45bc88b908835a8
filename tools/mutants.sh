#!/bin/bash
# tools/mutants.sh [--config=CONFIG] [NAME ...]: weakens one ordering after the other (barrier/mutations.bzl) and prints
# which tests of the room notice: the table of docs/testing.md. Every name by default; about a minute each on two cores.
# The models of tests/model do the same in every run, by themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
config=checks
names=()
for arg in "$@"; do
  case $arg in
    --config=*) config=${arg#--config=} ;;
    -*) echo "mutants: unknown option $arg; see the head of $0" >&2; exit 2 ;;
    *) names+=("$arg") ;;
  esac
done
if [ ${#names[@]} -eq 0 ]; then
  mapfile -t names < <(sed -nE 's/^ +"([a-z-]+)",$/\1/p' barrier/mutations.bzl)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
unnoticed=0
for name in "${names[@]}"; do
  if tools/bazel.sh test --config="$config" --keep_going --noshow_progress --test_output=summary \
      "--//barrier:mutation=$name" //tests/barrier/... >"$log" 2>&1; then
    echo "$name: nobody ($config)"
    unnoticed=$((unnoticed + 1))
  elif grep -q 'FAILED TO BUILD\|ERROR:' "$log"; then
    tail -n 20 "$log" >&2
    echo "mutants: $name does not build" >&2
    exit 1
  else
    noticed=$(sed -nE 's#^//tests/barrier(/[a-z]+)?:([a-z_]+) +(FAILED|TIMEOUT).*#\2#p' "$log" | sort -u | tr '\n' ' ')
    echo "$name: $noticed($config)"
  fi
done
echo "$unnoticed of ${#names[@]} noticed by nobody"
