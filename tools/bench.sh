#!/bin/bash
# tools/bench.sh [ROOM ...] [--quick] [--json FILE]: builds the benchmarks, runs them, reports.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."

# A file is meant from where the caller stands.
args=()
while [ $# -gt 0 ]; do
  case $1 in
    --json=*) set -- --json "${1#--json=}" "${@:2}"; continue ;;
    --json) [ $# -ge 2 ] || { echo "bench: --json needs a file" >&2; exit 2; }
            case $2 in /*) file=$2 ;; *) file=$here/$2 ;; esac
            args+=(--json "$file"); shift 2 ;;
    *) args+=("$1"); shift ;;
  esac
done

tools/setup.sh bazel-bootstrap bazel-rules-cc libboost-dev libck-dev liburcu-dev python3
export PYTHONDONTWRITEBYTECODE=1
locked=()  # what keeps others from what we use
report() { ${locked[@]+"${locked[@]}"} python3 -m bench.report "$@"; }
report ${args[@]+"${args[@]}"}  # wrong usage, or --help, ends here
case " ${args[*]-} " in *" -h "* | *" --help "*) exit ;; esac

echo "bench: building" >&2
build() { tools/bazel.sh build --ui_event_filters=-info,-stdout --noshow_progress --show_result=0 "$@"; }
folder_of() { tools/bazel.sh info "$@" bazel-bin 2>/dev/null; }
build //bench/...

# Wine's server is a rival where there is Wine, and a compiler for it: what ./run cross windows installs. The toolchain
# is for Debian's Bazel.
with_wine() {
  local program
  for program in wine wineserver x86_64-w64-mingw32-g++-posix; do
    command -v "$program" >/dev/null || return 0
  done
  [[ ! $(bazel --version 2>/dev/null) =~ ^bazel\ ([5-9]|[1-9][0-9]) ]] || return 0  # Debian's may not tell
  . tools/home.sh
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/weir
  # The prefix (what Wine takes for its disks) is that of ./run cross: one of the two at a time. Not inherited by Wine's
  # server, which outlives us.
  mkdir -p "$cache/wine"
  locked=(flock -o "$cache/wine.lock")
  flock -n "$cache/wine.lock" true || echo "bench: another run uses Wine; waiting for its end" >&2
  export WEIR_BENCH_WINE_PREFIX=$cache/wine
  if [ ! -e "$WEIR_BENCH_WINE_PREFIX/system.reg" ]; then
    echo "bench: making Wine's prefix in $WEIR_BENCH_WINE_PREFIX" >&2
    # Neither Mono nor Gecko, and no window.
    "${locked[@]}" env -u DISPLAY WINEPREFIX="$WEIR_BENCH_WINE_PREFIX" WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml= \
      timeout 120 wineboot -i >/dev/null 2>&1 </dev/null || { echo "bench: wineboot has failed" >&2; exit 1; }
  fi
  build --config=windows //bench/nt/windows:server
  WEIR_BENCH_WINE_PROGRAM=$(folder_of --config=windows)/bench/nt/windows/server
  export WEIR_BENCH_WINE_PROGRAM
}
rooms=" ${args[*]-} "
[[ $rooms != *" nt "* && $rooms =~ \ (barrier|hazard|rcu)\  ]] || with_wine

report --bin "$(folder_of)" ${args[@]+"${args[@]}"}
