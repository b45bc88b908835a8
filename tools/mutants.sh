#!/bin/bash
# tools/mutants.sh [--config=CONFIG] [--tests=TARGETS] [NAME ...]: weakens one ordering after the other
# (bazel/mutations.bzl) and prints which of the tests notice, //tests/barrier/... by default: the table of
# docs/testing.md. Every name by default; about a minute each on two cores.
# The models of tests/model do the same in every run, by themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
config=checks
tests=//tests/barrier/...
names=()
for arg in "$@"; do
  case $arg in
    --config=*) config=${arg#--config=} ;;
    --tests=*) tests=${arg#--tests=} ;;
    -*) echo "mutants: unknown option $arg; see the head of $0" >&2; exit 2 ;;
    *) names+=("$arg") ;;
  esac
done
if [ ${#names[@]} -eq 0 ]; then
  mapfile -t names < <(sed -nE 's/^ +"([a-z-]+)",$/\1/p' bazel/mutations.bzl)
fi
packages=(bazel-bootstrap bazel-rules-cc catch2)
case $config in
  clang | tsan-clang) packages+=(clang libclang-rt-dev) ;;
  valgrind) packages+=(valgrind) ;;
esac
tools/setup.sh "${packages[@]}"

log=$(mktemp)
trap 'rm -f "$log"' EXIT

die() {
  tail -n 20 "$log" >&2
  echo "mutants: $*" >&2
  exit 1
}

# try NAME: sets $noticed to the tests that fail with this mutation. Bazel's exit codes: 0 all tests have passed, 3 some
# have not; with any other one there is no verdict.
noticed=
try() {
  local status=0
  tools/bazel.sh test --config="$config" --keep_going --noshow_progress --test_output=summary \
    "--//barrier:mutation=$1" "$tests" >"$log" 2>&1 || status=$?
  noticed=$(sed -nE 's#^//tests/[a-z/]+:([a-z_]+) .*(FAILED|TIMEOUT|NO STATUS).*#\1#p' "$log" |
    sort -u | tr '\n' ' ')
  case $status in
    0) [ -z "$noticed" ] || die "$1: Bazel is content, but not with $noticed" ;;
    3) [ -n "$noticed" ] || die "$1: a test has failed, but none is named" ;;
    *) die "$1: no verdict: Bazel ended with $status" ;;
  esac
}

try none
[ -z "$noticed" ] || die "no ordering is weakened, and yet there fail: $noticed"

unnoticed=0
for name in "${names[@]}"; do
  try "$name"
  echo "$name: ${noticed:-nobody }($config)"
  [ -n "$noticed" ] || unnoticed=$((unnoticed + 1))
done
echo "$unnoticed of ${#names[@]} noticed by nobody"
