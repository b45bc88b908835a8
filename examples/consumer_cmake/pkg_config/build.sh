#!/bin/sh
# Builds ./reader and ./nt_pingpong. Weir was installed; where that is none of the system's places,
# PKG_CONFIG_PATH=<there>/lib/pkgconfig.
set -e
examples=$(dirname "$0")/../..
for name in reader nt_pingpong; do
  # shellcheck disable=SC2046  # words, on purpose
  ${CXX:-g++} -std=c++20 -O2 $(pkg-config --cflags weir) "$examples/$name/$name.cc" -o "$name" $(pkg-config --libs weir)
done
