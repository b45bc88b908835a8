#!/bin/bash
# The unit tests beside this file, and the line that ./run test adds up.
set -euo pipefail
exec python3 -B tests/bench/canned.py judge_test runner_test documents_test
