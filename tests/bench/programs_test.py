"""Each program of a room runs, knows the rows that the room asks it for, and answers in the form that is agreed."""

import os
import subprocess
import unittest

from bench.report import machine, runner
from bench.report.rooms import ROOMS

# Programs that measure other libraries are not there under a sanitizer: rivals_test has them, and the others otherwise.
RIVALS = "WEIR_TEST_RIVALS" in os.environ
LIBRARIES = ("boost", "ck", "liburcu")
FIELDS = {"row", "ns", "wall_ms", "share", "company", "stolen_ms", "others"}


def inner_rows(program):
    """Several rows may be of one sample."""
    return dict.fromkeys(r.inner for r in program.rows)


def take(program, cpus):
    """One sample of a millisecond of each row; None: the program refuses to start here, as it may."""
    where = ["--cpu", str(cpus[0]), "--other", str(cpus[1])]
    command = [program.path, *where, "--ms", "1", *inner_rows(program)]
    try:
        return runner.launch(command)
    except runner.Refused:
        if not program.may_refuse:
            raise
        return None


def is_rival(program):
    """Programs are called after what they do and after whose: read_ck, read_liburcu_bp."""
    return not set(LIBRARIES).isdisjoint(os.path.basename(program.path).split("_"))


def programs():
    return [p for room in ROOMS.values() for p in room.programs if is_rival(p) == RIVALS]


class Programs(unittest.TestCase):
    def test_every_row_is_a_sample_or_absent_for_a_reason(self):
        for program in programs():
            with self.subTest(program=program.path):
                lines = take(program, machine.choose_cpus())
                if lines is None:
                    continue
                self.assertEqual([line["row"] for line in lines], list(inner_rows(program)))
                for line in lines:
                    needed = FIELDS | {r.field for r in program.rows if r.inner == line["row"]}
                    self.assertTrue(line.get("absent") or set(line) >= needed, line)
                    self.assertGreater(line.get("ns", 1), 0)

    @unittest.skipIf(RIVALS, "the others'")
    def test_without_a_second_cpu_what_needs_one_is_absent_and_the_rest_is_there(self):
        program = next(p for p in ROOMS["barrier"].programs if p.path.endswith("/heavy") and len(p.rows) == 3)
        alone, asleep, spinning = take(program, (machine.choose_cpus()[0], -1))
        self.assertIn("ns", alone)
        self.assertIn("ns", asleep)
        self.assertIn("second CPU", spinning["absent"])

    @unittest.skipIf(RIVALS, "the others'")
    def test_a_room_knows_its_strategy_and_compiler(self):
        for room in ROOMS.values():
            about = runner.launch([room.about, "--about"])[0]
            self.assertTrue(about["compiler"] and about["strategy"] and about["reason"].startswith(about["strategy"]))

    @unittest.skipIf(RIVALS, "the others'")
    def test_a_row_that_does_not_exist_is_an_error(self):
        command = [ROOMS["barrier"].about, "--ms", "1", "nonsense"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn('no row "nonsense"', done.stderr)

    @unittest.skipIf(RIVALS, "the others'")
    def test_an_option_that_does_not_exist_or_lacks_its_value_is_an_error(self):
        for wrong in (["--mss", "1", "light"], ["--ms"]):
            done = subprocess.run([ROOMS["barrier"].about, *wrong], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f'no option "{wrong[0]}"', done.stderr)

    def test_the_programs_are_where_the_room_says(self):
        self.assertTrue(programs())
        for program in programs():
            self.assertTrue(os.access(program.path, os.X_OK), program.path)
