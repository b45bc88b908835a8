#!/usr/bin/env python3
"""Counts the test cases of `bazel test`, from its build events and the logs that these name.

tally.py count CONFIG EVENTS [COMMAND]
    prints "N left out" and "N passed, N failed" for one run of Bazel; on stderr, what was left out and what failed, and
    how to repeat it by ./run COMMAND
tally.py built CONFIG EVENTS [COMMAND]
    the same of `bazel build`: counts the C and C++ targets that were built
tally.py sum FILE...
    adds up such lines, prints the sums, and fails if a case failed or a file has none, and says of none that it was
    left out

Every test program ends its log with "cases: N passed, N failed". A test that Bazel does not call passed, that has no
such line or ran no case, counts as one failed case at least; so does anything that could not be built. What a test
cannot do on this machine it says in a line "left out: <why>": cases are counted as passed all the same.
"""
import json
import os
import re
import sys
import urllib.parse

CASES = re.compile(r"^cases: (\d+) passed, (\d+) failed\b", re.MULTILINE)
NOT_TESTED = re.compile(r"^left out: (.*)$", re.MULTILINE)
NOT_TESTED_SUM = re.compile(r"^(\d+) left out$", re.MULTILINE)
SUM = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
COMPILED = re.compile(r"(cc_(library|binary|test)|weir_variant_\w+) rule$")
LOG_END = 40  # lines of a failing log that are shown

# What the "reason" of an aborted target may be without being anybody's fault.
LEFT_OUT = {"SKIPPED"}


def cases_in(log):
    """(passed, failed) of the log's last line of that kind, or None: a child process may have printed one before."""
    found = CASES.findall(log)
    return (int(found[-1][0]), int(found[-1][1])) if found else None


def read_log(uri):
    path = urllib.parse.unquote(urllib.parse.urlparse(uri).path)
    try:
        with open(path, errors="replace") as f:
            return f.read()
    except OSError as e:
        return f"(no log: {e})\n"


class Count:
    """What one run of Bazel amounts to."""

    def __init__(self, config, command="test"):
        self.config = config
        self.command = command
        self.passed = 0
        self.failed = 0
        self.complaints = []
        self.left_out = []  # (label, why)

    def complain(self, about, sentence, log="", failed=1):
        self.failed += failed
        end = "".join(f"    {line}\n" for line in log.splitlines()[-LOG_END:])
        repeat = f"  repeat with: ./run {self.command} {self.config} -- {about}" if about.startswith("//") else ""
        self.complaints.append("\n".join(p for p in [f"{about}: {sentence}", end.rstrip("\n"), repeat] if p))

    def add_run(self, label, status, log):
        """One execution of a test: Bazel's word for it and the text of its log."""
        cases = cases_in(log)
        passed, failed = cases or (0, 0)
        self.passed += passed
        self.left_out += [(label, why) for why in NOT_TESTED.findall(log)]
        if failed > 0:
            self.complain(label, f"{failed} of {passed + failed} cases failed", log, failed)
        elif status != "PASSED":
            self.complain(label, status.lower().replace("_", " "), log)
        elif not cases:
            self.complain(label, 'passed, but does not end with the line "cases: N passed, N failed"', log)
        elif passed == 0:
            self.complain(label, "passed, but ran no case", log)


def last_attempts(events):
    """The last attempt of each (target, configuration, run, shard), in the order of the events."""
    last = {}
    for event in events:
        name = event["id"].get("testResult")
        if name and "testResult" in event:
            key = (name["label"], name.get("configuration", {}).get("id"), name.get("run"), name.get("shard"))
            last[key] = (name["label"], event["testResult"])
    return list(last.values())


def count(config, events, command="test"):
    result = Count(config, command)
    told = set()
    for label, run in last_attempts(events):
        told.add(label)
        logs = [o["uri"] for o in run.get("testActionOutput", []) if o["name"] == "test.log" and "uri" in o]
        result.add_run(label, run.get("status", "NO_STATUS"), read_log(logs[0]) if logs else "")
    exit_code = None
    for event in events:
        label = event["id"].get("targetCompleted", {}).get("label")
        if label and label not in told:
            if not event.get("completed", {"success": True}).get("success", False):
                told.add(label)
                result.complain(label, "could not be built; the reason is above")
            elif "aborted" in event and event["aborted"].get("reason") not in LEFT_OUT:
                told.add(label)
                result.complain(label, "was not run; the reason is above")
        if "finished" in event:
            exit_code = event["finished"].get("exitCode", {})
    if exit_code is None:
        result.complain("bazel", "did not get as far as running tests; the reason is above")
    elif exit_code.get("code", 0) != 0 and not result.complaints:
        result.complain("bazel", f"ended with {exit_code.get('name')}; the reason is above")
    return result


def built(config, events, command="test"):
    """Targets that compile or link something, and whose turn came; what failed is counted as above."""
    result = count(config, events, command)
    kinds = {e["id"]["targetConfigured"]["label"]: e.get("configured", {}).get("targetKind", "")
             for e in events if "targetConfigured" in e["id"]}
    for event in events:
        label = event["id"].get("targetCompleted", {}).get("label")
        if label and COMPILED.match(kinds.get(label, "")) and event.get("completed", {}).get("success", False):
            result.passed += 1
    return result


def load(path):
    if not os.path.exists(path):
        return []
    events = []
    with open(path) as f:
        for line in f:
            try:
                events.append(json.loads(line))
            except ValueError:  # the last line of a Bazel that was killed
                break
    return events


def main(arguments):
    if len(arguments) in (3, 4) and arguments[0] in ("count", "built"):
        of = count if arguments[0] == "count" else built
        result = of(arguments[1], load(arguments[2]), *arguments[3:])
        for complaint in result.complaints:
            print(f"\n{result.config}: {complaint}", file=sys.stderr)
        for label, why in sorted(set(result.left_out)):
            print(f"{result.config}: {label}: left out: {why}", file=sys.stderr)
        print(f"{len(result.left_out)} left out")
        print(f"{result.passed} passed, {result.failed} failed")
        return 0
    if len(arguments) >= 2 and arguments[0] == "sum":
        passed = failed = left_out = 0
        for path in arguments[1:]:
            with open(path) as f:
                text = f.read()
            found = SUM.search(text)
            left_out += sum(int(n) for n in NOT_TESTED_SUM.findall(text))
            if not found:
                failed += 1
                continue
            passed += int(found[1])
            failed += int(found[2])
            if found[1] == found[2] == "0" and not any(int(n) for n in NOT_TESTED_SUM.findall(text)):
                print("tally: no test case ran at all", file=sys.stderr)
                failed += 1
        if left_out > 0:
            print(f"{left_out} left out")
        print(f"{passed} passed, {failed} failed", flush=True)
        return 0 if passed > 0 and failed == 0 else 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
