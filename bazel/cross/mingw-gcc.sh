#!/bin/bash
# Debian's GCC for Windows appends ".exe" to a program's name; Bazel expects the name that it gave.
/usr/bin/x86_64-w64-mingw32-gcc-posix "$@" || exit
out=
while [ $# -gt 0 ]; do
  case $1 in
    -o) out=$2; shift ;;
    @*) out=$(grep -x -A1 -e -o "${1#@}" | tail -n 1) ;;
  esac
  shift
done
if [ -n "$out" ] && [ ! -e "$out" ] && [ -e "$out.exe" ]; then mv "$out.exe" "$out"; fi
