"""Runs the benchmark rooms and reports: python3 -m bench.report, from the repository's root (tools/bench.sh)."""
