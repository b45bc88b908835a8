"""Runs the tests of the calling file and ends with the line that ./run test adds up."""
import sys
import unittest


def main():
    outcome = unittest.main(module="__main__", exit=False).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"cases: {outcome.testsRun - failed - len(outcome.skipped)} passed, {failed} failed", flush=True)
    sys.exit(1 if failed or outcome.testsRun == 0 else 0)
