#!/bin/sh
# Builds ./reader. Weir was installed; where that is none of the system's places, PKG_CONFIG_PATH=<there>/lib/pkgconfig.
set -e
source=$(dirname "$0")/../../reader/reader.cc
# shellcheck disable=SC2046  # words, on purpose
${CXX:-g++} -std=c++20 -O2 $(pkg-config --cflags weir) "$source" -o reader $(pkg-config --libs weir)
