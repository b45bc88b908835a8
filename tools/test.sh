#!/bin/bash
# tools/test.sh [CONFIG...] [-- BAZEL_ARGUMENT...]: builds and runs the tests; see ./run help.
#
# The last line is "N passed, N failed": test cases, summed over all configurations (tools/tally.py counts them). With
# all tests in the configuration checks goes one that is a workspace of its own: a user's (tools/consumers.sh).
set -euo pipefail
cd "$(dirname "$0")/.."

every=(checks asan ubsan tsan tsan-clang clang valgrind)

usage() {
  echo "usage: ./run test [CONFIG...] [-- BAZEL_ARGUMENT...]   CONFIG is one of: ${every[*]} all" >&2
  exit 2
}

configs=()
while [ $# -gt 0 ]; do
  case $1 in
    --) shift && break ;;
    all) configs+=("${every[@]}") ;;
    *)
      [[ " ${every[*]} " == *" $1 "* ]] || usage
      configs+=("$1")
      ;;
  esac
  shift
done
[ ${#configs[@]} -gt 0 ] || configs=(checks)

. tools/arguments.sh

packages=(bazel-bootstrap bazel-rules-cc catch2 libboost-dev libck-dev liburcu-dev python3 relacy-dev)
for config in "${configs[@]}"; do
  case $config in
    clang | tsan-clang) packages+=(clang libclang-rt-dev) ;;  # whatever version is this system's own
    valgrind) packages+=(valgrind) ;;
  esac
done
tools/setup.sh "${packages[@]}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for config in "${configs[@]}"; do
  echo "test: building and running all tests, configuration $config" >&2
  events=$work/$config.events
  # Its exit code is among the events.
  tools/bazel.sh test --config="$config" --keep_going --test_output=summary --build_event_json_file="$events" \
    ${arguments[@]+"${arguments[@]}"} -- "${targets[@]}" ${without[@]+"${without[@]}"} || true
  # At once: the next configuration may write its logs to the same places.
  python3 tools/tally.py count "$config" "$events" >"$work/$config.count"
done
if [ -n "$every_target" ] && [[ " ${configs[*]} " == *" checks "* ]]; then
  tools/consumers.sh workspace >"$work/consumer.count" || true
fi
python3 tools/tally.py sum "$work"/*.count
