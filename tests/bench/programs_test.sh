#!/bin/bash
set -euo pipefail
exec python3 -B tests/bench/canned.py programs_test
