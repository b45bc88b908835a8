#!/bin/bash
# tools/herd.sh [FILE...]: runs the litmus files of tests/model/herd through herd7; called by ./run litmus --herd.
#
# Each file names its verdict ("Expected: Never."), which herd7's must equal: C files under the C11 model and under
# RC11, the others under their processor's. herd7 is taken from the PATH (opam has it, say); where there is none, from a
# Debian sid in a folder of the cache, made once (one or two minutes, 0.5 GB; needs root, debootstrap and a mirror).
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."

die() {
  echo "herd: $*" >&2
  exit 1
}

case ${1:-} in
  --help | -h)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  -*)
    echo "usage: ./run litmus --herd [FILE...]" >&2
    exit 2
    ;;
esac

folder=tests/model/herd
files=()
for file in "$@"; do
  case $file in /*) ;; *) file=$here/$file ;; esac  # meant from where the caller stands
  files+=("$file")
done
[ $# -gt 0 ] || files=("$folder"/*.litmus)
for file in "${files[@]}"; do [ -r "$file" ] || die "there is no file $file"; done

# herd ARGS... FILE...: herd7's output. Files are seen by their names in $work.
if command -v herd7 >/dev/null; then
  work=$(mktemp -d)
  herd() { (cd "$work" && herd7 "$@"); }
else
  . tools/chroot.sh
  chroot_make herd sid herdtools7
  work=$(mktemp -d "$chroot/tmp/weir-herd.XXXXXX")
  herd() { chroot_run /bin/sh -c 'cd "$0" && exec herd7 "$@"' "${work#"$chroot"}" "$@"; }
fi
trap 'rm -rf "$work"' EXIT

declare -A verdict
# judge MODEL FILE...: fills verdict[MODEL NAME] with Never, Sometimes or Always. MODEL "" is herd7's own choice.
judge() {
  local model=$1 name answer
  shift
  [ $# -gt 0 ] || return 0
  while read -r _ name answer _; do verdict["$model $name"]=$answer; done < <(
    herd ${model:+-model "$model"} "$@" 2>"$work/errors" | grep '^Observation '
  )
  # A file that herd7 does not understand has no verdict below; what it said of it belongs there.
  [ ! -s "$work/errors" ] || cat "$work/errors" >&2
}

# What herd7 calls a test: the second word of its file.
name_of() {
  local name=
  read -r _ name _ <"$1" || true
  echo "$name"
}

names=() c_names=()
for file in "${files[@]}"; do
  name=$(name_of "$file")
  case $name in '' | */* | -*) die "$file: its first line names no test" ;; esac
  [ ! -e "$work/$name.litmus" ] || die "$file: another file has a test of the name $name; give one of them another name"
  cp "$file" "$work/$name.litmus"
  names+=("$name")
  case $(head -n 1 "$file") in "C "*) c_names+=("$name.litmus") ;; esac
done
judge "" "${names[@]/%/.litmus}"
judge rc11.cat ${c_names[@]+"${c_names[@]}"}

good=0 bad=0
# compare NAME MODEL EXPECTED: appends the verdict to $line.
compare() {
  local got=${verdict["$2 $1"]:-no verdict}
  line+="$got${2:+ ($2)}"
  if [ "$got" = "$3" ]; then
    good=$((good + 1))
  else
    line+=" BUT EXPECTED $3"
    bad=$((bad + 1))
  fi
}
for file in "${files[@]}"; do
  name=$(name_of "$file")
  expected=$(sed -n 's/.*(\* Expected: \([^.]*\)\..*/\1/p' "$work/$name.litmus")
  expected=${expected:-a verdict to be named in the file}
  line=$(printf '%-28s ' "$name")
  compare "$name" "" "${expected%%;*}"
  case $(head -n 1 "$work/$name.litmus") in
    "C "*)
      line+=", "
      compare "$name" rc11.cat "${expected##*: }"
      ;;
  esac
  if [ "$file" -ef "$folder/$name.litmus" ] && ! grep -qF "| \`$name\` | $expected |" "$folder/README.md"; then
    line+=" BUT NOT SO IN $folder/README.md"
    bad=$((bad + 1))
  fi
  echo "$line"
done

# The other way round: a row of the table without a file.
if [ $# -eq 0 ]; then
  while read -r name; do
    [ -e "$folder/$name.litmus" ] && continue
    echo "$name: in $folder/README.md, but there is no such file"
    bad=$((bad + 1))
  done < <(sed -n 's/^| `\([a-z0-9_]*\)` | \(Never\|Sometimes\).*/\1/p' "$folder/README.md")
fi

echo "herd: ${#names[@]} tests, $good verdicts as expected, $bad not"
[ "$bad" -eq 0 ]
