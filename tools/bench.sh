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
report() { python3 -m bench.report "$@"; }
report ${args[@]+"${args[@]}"}  # wrong usage, or --help, ends here
case " ${args[*]-} " in *" -h "* | *" --help "*) exit ;; esac

echo "bench: building" >&2
tools/bazel.sh build --ui_event_filters=-info,-stdout --noshow_progress //bench/...
report --bin "$(tools/bazel.sh info bazel-bin 2>/dev/null)" ${args[@]+"${args[@]}"}
