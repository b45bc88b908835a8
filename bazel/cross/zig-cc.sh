#!/bin/bash
# zig as the compiler driver that Bazel's toolchain for Unix expects: one program for C and C++, compiling and linking.
set -euo pipefail
: "${WEIR_ZIG:?is not set: use ./run cross macos}"

given=()
for argument in "$@"; do
  case $argument in
    @*) while IFS= read -r line; do given+=("$line"); done <"${argument#@}" ;;
    *) given+=("$argument") ;;
  esac
done

links=$(mktemp -d)
trap 'rm -rf "$links"' EXIT
language=c++
arguments=()
for argument in "${given[@]}"; do
  case $argument in
    *.c) language=cc ;;
    # The headers of zig's own lie outside the repository, and Bazel wants to be told of the others only.
    -MD) argument=-MMD ;;
    # An archive that is linked as a whole; zig goes by the name's ending.
    *.lo)
      ln -s "$PWD/$argument" "$links/$((${#arguments[@]})).a"
      argument=$links/$((${#arguments[@]})).a
      ;;
  esac
  arguments+=("$argument")
done
"$WEIR_ZIG" "$language" "${arguments[@]}"
