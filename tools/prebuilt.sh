#!/bin/bash
# tools/prebuilt.sh collect CONFIG FOLDER: gathers the test programs that ./run cross CONFIG has built.
# tools/prebuilt.sh run FOLDER: runs them, on the system they are for; the last line is "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."

collect() {
  local bin program
  bin=$(tools/bazel.sh info --config="$1" bazel-bin 2>/dev/null)
  # Without the configuration's own folder: a program is where the tests look for it.
  while read -r program; do
    mkdir -p "$2/$(dirname "$program")"
    case $program in
      *.dll) cp -L "$bin/$program" "$2/$program" ;;
      *) cp -L "$bin/$program" "$2/$program.exe" ;;
    esac
  done < <(cd "$bin" && find tests ! -type d ! -path '*.runfiles/*' \( -name '*_test' -o -name '*.dll' \) | sort)
}

run() {
  local program log passed=0 failed=0 before settings
  log=$(mktemp)
  cd "$1"
  for program in $(find tests -name '*.exe' | sort); do
    before=$failed
    settings=()
    # As its target has it (env).
    case $program in */barrier_fence_test.exe) settings=(WEIR_BARRIER=fence) ;; esac
    # Without long cases, parts of others, and what is about fork().
    timeout 600 env ${settings[@]+"${settings[@]}"} "./$program" '~[long]~[role]~[fork]' >"$log" 2>&1 ||
      failed=$((failed + 1))
    if [ "$failed" -ne "$before" ] || ! grep -q '^cases: [0-9]* passed, 0 failed' "$log"; then
      [ "$failed" -ne "$before" ] || failed=$((failed + 1))
      echo "$program:"
      cat "$log"
    fi
    passed=$((passed + $(sed -nE 's/^cases: ([0-9]+) passed.*/\1/p' "$log" | tail -n 1 | grep . || echo 0)))
  done
  rm -f "$log"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

case "${1:-} $#" in
  "collect 3") collect "$2" "$3" ;;
  "run 2") run "$2" ;;
  *)
    sed -n '2,3s/^# //p' "$0" >&2
    exit 2
    ;;
esac
