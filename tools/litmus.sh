#!/bin/bash
# tools/litmus.sh: hunts for violations of the barrier's contract on this machine or, with --herd, in the memory models.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."

help() {
  cat <<'END'
usage: ./run litmus [--long] [--mutation NAME]
       ./run litmus --herd [FILE...]

  Store buffering on two CPUs with each pair of barriers, counted: wrong pairs, which must be caught, right ones, which
  must be clean, and slow wrong ones, for comparison (tests/litmus/README.md). Takes about three minutes; nothing else
  should run meanwhile.

  --long            ten times as many iterations
  --mutation NAME   with one ordering of the barrier removed: heavy-call, heavy-fence or light-fence; ends with code 1
  --herd [FILE...]  runs the litmus files of tests/model/herd through herd7 and compares verdicts (tools/herd.sh --help)

  Exit codes: 0 wrong pairs caught, right ones clean; 1 a right pair was violated, or (--herd) a verdict differs;
  2 wrong usage; 3 inconclusive: this machine, or this run, is not sensitive enough.
END
}

arguments=() mutation=
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h)
      help
      exit 0
      ;;
    --herd)
      shift
      files=()
      for file in "$@"; do
        case $file in /* | -*) ;; *) file=$here/$file ;; esac  # meant from where the caller stands
        files+=("$file")
      done
      status=0
      tools/herd.sh ${files[@]+"${files[@]}"} || status=$?
      exit "$status"
      ;;
    --long) arguments+=("$1") ;;
    --mutation)
      mutation=${2:-}
      case $mutation in
        heavy-call | heavy-fence | light-fence) shift ;;
        *)
          echo "litmus: --mutation wants heavy-call, heavy-fence or light-fence" >&2
          exit 2
          ;;
      esac
      ;;
    *)
      help >&2
      exit 2
      ;;
  esac
  shift
done

case $(uname -s) in
  Linux) others=(pinned apple freebsd) ;;  # pinned to membarrier; over the shims of other systems
  Darwin) others=() ;;
  *)
    echo "litmus: inconclusive: the harness does not know how to bind threads to CPUs here" >&2
    exit 3
    ;;
esac

# What keeps a build from starting is not the harness's exit code 1.
build() {
  tools/setup.sh bazel-bootstrap bazel-rules-cc &&
    tools/bazel.sh build --ui_event_filters=-info --noshow_progress "$@" >&2 || {
    echo "litmus: the harness could not be built" >&2
    exit 3
  }
}

echo "litmus: building the harness" >&2
if [ -n "$mutation" ]; then
  flags=("--//barrier:mutation=$mutation")
  build "${flags[@]}" //tests/litmus:litmus
else
  flags=()
  build //tests/litmus:litmus ${others[@]+"${others[@]/#///tests/litmus:litmus_}"}
fi
bin=$(tools/bazel.sh info ${flags[@]+"${flags[@]}"} bazel-bin 2>/dev/null)
if [ -z "$mutation" ]; then
  for other in ${others[@]+"${others[@]}"}; do
    case $other in
      pinned) arguments+=(--pinned "$bin/tests/litmus/litmus_pinned") ;;
      *) arguments+=(--shim "$other=$bin/tests/litmus/litmus_$other") ;;
    esac
  done
fi

status=0
"$bin/tests/litmus/litmus" ${arguments[@]+"${arguments[@]}"} || status=$?
exit "$status"
