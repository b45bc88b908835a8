#!/bin/sh
# Runs one Windows program in the prefix (Wine's idea of a disk) that ./run cross has made: WINEPREFIX.
export WINEDEBUG=-all
exec wine "$@"
