#!/bin/bash
exec "${WEIR_ZIG:?is not set: use ./run cross macos}" ar "$@"
