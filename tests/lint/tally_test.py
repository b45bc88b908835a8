#!/usr/bin/env python3
"""What tools/tally.py counts, and what it says of failures."""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = ["tools", "tests/lint"]
import cases
import tally

TEST = "//tests/room:some_test"


class TallyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.events = []

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def ran(self, log, status="PASSED", label=TEST, **where):
        path = self.write(f"{len(self.events)} log", log)
        name = {"label": label, "run": 1, "shard": 1, "attempt": 1, "configuration": {"id": "c"}, **where}
        outputs = [{"name": "test.log", "uri": "file://" + path.replace(" ", "%20")}]
        self.events.append({"id": {"testResult": name}, "testResult": {"status": status, "testActionOutput": outputs}})

    def target(self, label, **what):
        self.events.append({"id": {"targetCompleted": {"label": label}}, **what})

    def count(self, finished=True, code=0):
        if finished:
            exit_code = {"name": "SUCCESS"} if code == 0 else {"name": "SOMETHING", "code": code}
            self.events.append({"id": {"buildFinished": {}}, "finished": {"exitCode": exit_code}})
        return tally.count("checks", self.events)

    def check(self, counted, passed, failed, *words):
        self.assertEqual((counted.passed, counted.failed), (passed, failed))
        text = "\n".join(counted.complaints)
        for word in words:
            self.assertIn(word, text)
        self.assertEqual(bool(text), failed > 0)

    def test_cases_are_added_up_over_tests(self):
        self.ran("...\ncases: 3 passed, 0 failed\n")
        self.ran("cases: 4 passed, 0 failed\n", label="//tests:other")
        self.check(self.count(), 7, 0)

    def test_failed_cases_count_each_and_the_log_is_shown(self):
        self.ran("something broke\ncases: 3 passed, 2 failed\n", "FAILED")
        self.check(self.count(code=3), 3, 2, "2 of 5 cases failed", "something broke", f"./run test checks -- {TEST}")

    def test_a_failure_outside_all_cases_counts_as_one(self):
        self.ran("cases: 3 passed, 0 failed\nAddressSanitizer: leak\n", "FAILED")
        self.check(self.count(code=3), 3, 1, "AddressSanitizer")

    def test_a_crash_counts_as_one(self):
        self.ran("Segmentation fault\n", "FAILED")
        self.check(self.count(code=3), 0, 1, "failed", "Segmentation fault")

    def test_a_timeout_counts_as_one(self):
        self.ran("waiting\n", "TIMEOUT")
        self.check(self.count(code=3), 0, 1, "timeout")

    def test_passing_without_a_count_is_a_failure(self):
        self.ran("all is well\n")
        self.check(self.count(), 0, 1, "cases: N passed, N failed")

    def test_passing_without_a_case_is_a_failure(self):
        self.ran("cases: 0 passed, 0 failed\n")
        self.check(self.count(), 0, 1, "ran no case")

    def test_what_a_test_leaves_out_is_counted_and_named(self):
        self.ran("left out: no such call\ncases: 2 passed, 0 failed\nleft out: no such call\n")
        self.ran("it left out: nothing\ncases: 1 passed, 0 failed\n", label="//tests:other")
        counted = self.count()
        self.check(counted, 3, 0)
        self.assertEqual(counted.left_out, [(TEST, "no such call")] * 2)

    def test_a_lost_log_is_a_failure(self):
        self.ran("cases: 1 passed, 0 failed\n")
        os.unlink(os.path.join(self.folder, "0 log"))
        self.check(self.count(), 0, 1)

    def test_the_last_count_of_a_log_is_the_programs_own(self):
        self.ran("cases: 9 passed, 9 failed\nthat was a child\ncases: 2 passed, 0 failed\n")
        self.check(self.count(), 2, 0)

    def test_only_the_last_attempt_counts(self):
        self.ran("cases: 1 passed, 1 failed\n", "FAILED", attempt=1)
        self.ran("cases: 2 passed, 0 failed\n", attempt=2)
        self.check(self.count(), 2, 0)

    def test_every_run_counts(self):
        self.ran("cases: 2 passed, 0 failed\n", run=1)
        self.ran("cases: 2 passed, 0 failed\n", run=2)
        self.check(self.count(), 4, 0)

    def test_what_cannot_be_built_counts_as_one_each(self):
        self.target(TEST, completed={"success": False})
        self.target("//room", completed={})
        self.check(self.count(code=1), 0, 2, TEST, "//room", "could not be built")

    def test_what_built_and_what_was_left_out_count_nothing(self):
        self.target("//room", completed={"success": True})
        self.target(TEST, aborted={"reason": "SKIPPED"})
        self.ran("cases: 1 passed, 0 failed\n", label="//tests:other")
        self.check(self.count(), 1, 0)

    def test_what_bazel_gave_up_counts_as_one(self):
        self.target(TEST, aborted={"reason": "ANALYSIS_FAILURE"})
        self.check(self.count(code=1), 0, 1, "was not run")

    def test_a_bazel_that_died_counts_as_one(self):
        self.ran("cases: 2 passed, 0 failed\n")
        self.check(self.count(finished=False), 2, 1, "bazel")

    def test_a_bazel_that_failed_for_no_reason_seen_counts_as_one(self):
        self.ran("cases: 2 passed, 0 failed\n")
        self.check(self.count(code=37), 2, 1, "SOMETHING")

    def configured(self, label, kind):
        self.events.append({"id": {"targetConfigured": {"label": label}}, "configured": {"targetKind": kind}})

    def test_of_a_build_the_targets_that_compile_or_link_count(self):
        for label, kind in [("//a", "cc_library rule"), ("//b", "cc_test rule"), ("//c", "weir_variant_test rule"),
                            ("//d", "filegroup rule"), ("//e", "cc_binary rule"), ("//f", "cc_binary rule")]:
            self.configured(label, kind)
            if label < "//e":
                self.target(label, completed={"success": True})
        self.target("//e", completed={"success": False})
        self.target("//f", aborted={"reason": "SKIPPED"})
        self.events.append({"id": {"buildFinished": {}}, "finished": {"exitCode": {"name": "FAILED", "code": 1}}})
        self.check(tally.built("macos", self.events, "cross"), 3, 1, "could not be built", "./run cross macos -- //e")

    def run_main(self, *arguments):
        out = io.StringIO()
        self.told = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(self.told):
            status = tally.main(list(arguments))
        return status, out.getvalue()

    def test_the_command_counts_one_run(self):
        self.ran("cases: 2 passed, 1 failed\n", "FAILED")
        path = self.write("events", "\n".join(json.dumps(e) for e in self.events) + '\n{"id": {"cut')
        self.assertEqual(self.run_main("count", "asan", path), (0, "0 left out\n2 passed, 2 failed\n"))
        self.assertEqual(self.run_main("count", "asan", path + "none"), (0, "0 left out\n0 passed, 1 failed\n"))

    def test_the_command_says_what_was_left_out(self):
        self.ran("left out: no second CPU\ncases: 2 passed, 0 failed\n")
        self.count()
        path = self.write("events", "\n".join(json.dumps(e) for e in self.events))
        self.assertEqual(self.run_main("count", "asan", path), (0, "1 left out\n2 passed, 0 failed\n"))
        self.assertIn(f"asan: {TEST}: left out: no second CPU", self.told.getvalue())

    def test_the_sum_is_one_line_and_fails_when_it_must(self):
        good, bad = self.write("good", "5 passed, 0 failed\n"), self.write("bad", "2 passed, 1 failed\n")
        part = self.write("part", "2 left out\n5 passed, 0 failed\n")
        none, empty = self.write("none", "0 passed, 0 failed\n"), self.write("empty", "")
        self.assertEqual(self.run_main("sum", good, good), (0, "10 passed, 0 failed\n"))
        self.assertEqual(self.run_main("sum", part, good, part), (0, "4 left out\n15 passed, 0 failed\n"))
        self.assertEqual(self.run_main("sum", good, bad), (1, "7 passed, 1 failed\n"))
        self.assertEqual(self.run_main("sum", good, empty), (1, "5 passed, 1 failed\n"))
        self.assertEqual(self.run_main("sum", none), (1, "0 passed, 1 failed\n"))
        self.assertEqual(self.run_main("sum", good, none), (1, "5 passed, 1 failed\n"))
        self.assertEqual(self.run_main("sum")[0], 2)


if __name__ == "__main__":
    cases.main()
