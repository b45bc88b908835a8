#!/bin/bash
set -euo pipefail
export WEIR_TEST_RIVALS=1
exec python3 -B tests/bench/canned.py programs_test
