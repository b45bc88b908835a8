"""Rounds, retakes and absent rows, with programs and a clock that are made up."""

import unittest

from bench.report import runner
from bench.report.model import Derived, Program, Row
from bench.report.runner import LEAST_ROUNDS, MOST_RETAKES, Plan, Refused, Runner
from canned import MACHINE, PINNED, PLAIN, room, sample

VALUES = {"b": 2.0, "o": 3.0}


class World:
    """Programs that answer at once; a clock that advances `tick` seconds with each launch."""

    def __init__(self, tick=0.1):
        self.now = 0.0
        self.tick = tick
        self.calls = []
        self.rests = []
        self.answer = lambda program, row, call: sample(row, VALUES[row])

    def launch(self, command):
        self.now += self.tick
        program, rows = command[0], command[command.index("--ms") + 2:]
        self.calls.append((program, tuple(rows)))
        return [self.answer(program, row, len(self.calls)) for row in rows]

    def run(self, rounds=7, seconds=1000, **room_arguments):
        made = Runner(room(**room_arguments), MACHINE, Plan(True, rounds, seconds), lambda p: [p], launcher=self.launch,
                      clock=lambda: self.now, rest=self.rests.append)
        return made.run()


class Rounds(unittest.TestCase):
    def test_every_row_has_a_sample_of_each_round_in_the_order_of_the_room(self):
        world = World()
        result = world.run(rounds=9)
        self.assertEqual(result.rounds, 9)
        self.assertEqual(list(result.rows), ["base", "ours", "special", "sum"])
        self.assertEqual({n: len(s.samples) for n, s in result.rows.items()}, dict.fromkeys(result.rows, 9))
        self.assertEqual(world.calls[:4], [("plain", ("b", "o")), ("pinned", ("o",))] * 2)

    def test_samples_are_in_the_order_of_the_rounds(self):
        world = World()
        world.answer = lambda program, row, call: sample(row, call)
        self.assertEqual(world.run(programs=(PLAIN,)).rows["base"].samples, [1, 2, 3, 4, 5, 6, 7])

    def test_a_row_is_computed_from_the_samples_of_its_round(self):
        self.assertEqual(World().run().rows["sum"].samples, [5.0] * 7)

    def test_ends_when_time_is_up_but_never_before_seven_rounds(self):
        self.assertEqual(World(tick=100).run(rounds=30).rounds, LEAST_ROUNDS)
        self.assertGreaterEqual(LEAST_ROUNDS, 7)

    def test_the_shipped_plans_make_at_least_seven(self):
        for plan in (runner.QUICK, runner.FULL):
            self.assertGreaterEqual(plan.rounds, LEAST_ROUNDS)


class Values(unittest.TestCase):
    """Several rows of one sample, each with a value of its own."""

    PROGRAM = Program("many", full_ms=20, quick_ms=10, rows=(
        Row("mean", "b", "the mean", unit="us", scale=1000), Row("tail", "b", "the tail", "mean", field="p99_ns"),
    ))

    def test_are_of_the_same_sample_and_in_units_of_their_own(self):
        world = World()
        world.answer = lambda program, row, call: dict(sample(row, 1000 * call), p99_ns=call)
        result = world.run(programs=(self.PROGRAM,), derived=())
        self.assertEqual(world.calls, [("many", ("b",))] * 7)
        self.assertEqual(result.rows["mean"].samples, [1, 2, 3, 4, 5, 6, 7])
        self.assertEqual(result.rows["tail"].samples, [1, 2, 3, 4, 5, 6, 7])
        self.assertEqual((result.rows["mean"].unit, result.rows["tail"].unit), ("us", "ns"))

    def test_are_absent_together(self):
        world = World()
        world.answer = lambda program, row, call: {"row": row, "absent": "one CPU"}
        result = world.run(programs=(self.PROGRAM,), derived=())
        self.assertEqual(result.absent, {"mean": "one CPU", "tail": "one CPU"})


class Retakes(unittest.TestCase):
    def test_only_the_disturbed_row_is_taken_again_and_counted(self):
        world = World()
        world.answer = lambda program, row, call: sample(row, VALUES[row], share=0.5 if call == 1 and row == "o" else 1)
        result = world.run(programs=(PLAIN,))
        self.assertEqual(world.calls[1], ("plain", ("o",)))
        self.assertEqual((result.rows["ours"].retaken, result.rows["base"].retaken, result.retaken), (1, 0, 1))
        self.assertEqual(result.disturbed, 0)

    def test_the_retake_takes_the_place_of_the_disturbed_sample(self):
        world = World()
        world.answer = lambda program, row, call: sample(row, call, share=0.5 if call == 1 else 1)
        self.assertEqual(world.run(programs=(PLAIN,)).rows["base"].samples, [2, 3, 4, 5, 6, 7, 8])

    def test_is_bounded_and_then_the_row_is_flagged(self):
        world = World()
        world.answer = lambda program, row, call: sample(row, VALUES[row], share=0.5 if row == "o" else 1)
        result = world.run(programs=(PLAIN,))
        self.assertEqual(result.rows["ours"].retaken, 7 * MOST_RETAKES)
        self.assertEqual(result.rows["ours"].disturbed, 7)
        self.assertEqual(result.rows["base"].disturbed, 0)
        self.assertEqual(result.rows["sum"].disturbed, 7)
        self.assertEqual(len(result.rows["ours"].samples), 7)
        self.assertEqual(len(world.rests), 7 * MOST_RETAKES)

    def test_the_least_disturbed_sample_is_the_one_kept(self):
        world = World()
        shares = {1: 0.5, 2: 0.9, 3: 0.7}
        world.answer = lambda program, row, call: sample(row, call, share=shares.get(call, 0.1))
        result = world.run(programs=(PLAIN,))
        self.assertEqual(result.rows["ours"].samples[0], 2)

    def test_no_round_uses_up_the_time_of_those_to_come(self):
        world = World(tick=1)
        world.answer = lambda program, row, call: sample(row, VALUES[row], share=0.5)
        result = world.run(programs=(PLAIN,), rounds=7, seconds=14)
        self.assertEqual(len(world.calls), 14)
        self.assertEqual(result.rows["ours"].retaken, 7)


class Absent(unittest.TestCase):
    def test_a_row_that_its_program_cannot_have_is_left_out_with_the_reason(self):
        world = World()
        world.answer = lambda program, row, call: ({"row": row, "absent": "one CPU"} if row == "o" else
                                                   sample(row, VALUES[row]))
        result = world.run(programs=(PLAIN,))
        self.assertEqual(result.absent, {"ours": "one CPU", "sum": "ours is absent"})
        self.assertEqual(list(result.rows), ["base"])
        self.assertEqual(world.calls[1], ("plain", ("b",)))

    def test_a_row_that_turns_absent_while_it_is_taken_again_is_left_out_too(self):
        world = World()

        def answer(program, row, call):
            if row == "o" and call > 1:
                return {"row": row, "absent": "gone"}
            return sample(row, VALUES[row], share=0.5 if row == "o" else 1)

        world.answer = answer
        result = world.run(programs=(PLAIN,))
        self.assertEqual(result.absent, {"ours": "gone", "sum": "ours is absent"})
        self.assertEqual(result.rows["base"].samples, [2.0] * 7)

    def test_a_computed_row_lacks_the_rounds_without_a_value_and_says_so(self):
        for without, expected in [(1, 6), (3, 4), (4, None), (7, None)]:
            with self.subTest(without):
                world = World()
                world.answer = lambda program, row, call, k=without: sample(row, call if row == "b" else call > k)
                some = Derived("sum", "things", "both", ("base", "ours"), lambda r: r["base"] if r["ours"] else None,
                               "no sum")
                result = world.run(programs=(PLAIN,), derived=(some,))
                if expected is None:
                    self.assertEqual(result.absent, {"sum": f"no sum (in {7 - without} of 7 rounds)"})
                else:
                    self.assertEqual(result.rows["sum"].samples, list(range(8 - expected, 8)))
                    self.assertEqual(result.rows["sum"].about, f"both (in {expected} of 7 rounds)")

    def test_a_kernel_that_does_not_say_what_the_hypervisor_takes_is_noted(self):
        self.assertTrue(World().run(programs=(PLAIN,)).steal_known)
        world = World()
        world.answer = lambda program, row, call: sample(row, VALUES[row], stolen_ms=-1.0 if call == 3 else 0.0)
        result = world.run(programs=(PLAIN,))
        self.assertFalse(result.steal_known)
        self.assertEqual(result.retaken, 0)

    def test_a_program_that_refuses_to_start_is_left_out_where_that_is_expected(self):
        world = World()

        def answer(program, row, call):
            if program == "pinned":
                raise Refused("the kernel has no such call")
            return sample(row, VALUES[row])

        world.answer = answer
        result = world.run()
        self.assertEqual(result.absent, {"special": "the kernel has no such call"})
        self.assertEqual(sum(p == "pinned" for p, _ in world.calls), 1)

    def test_any_other_program_that_fails_ends_the_run(self):
        world = World()

        def answer(program, row, call):
            raise Refused("broken")

        world.answer = answer
        with self.assertRaises(Refused):
            world.run(programs=(PLAIN,))

    def test_a_program_that_fails_later_ends_the_run(self):
        world = World()

        def answer(program, row, call):
            if call > 1:
                raise Refused("broken")
            return sample(row, VALUES[row])

        world.answer = answer
        with self.assertRaises(Refused):
            world.run(programs=(PINNED,), derived=())


class Launch(unittest.TestCase):
    def test_reads_the_lines_of_a_program(self):
        self.assertEqual(runner.launch(["echo", '{"row":"b"}']), [{"row": "b"}])

    def test_hands_on_what_a_failing_program_says(self):
        with self.assertRaisesRegex(Refused, "so not"):
            runner.launch(["sh", "-c", "echo first >&2; echo so not >&2; exit 3"])
        with self.assertRaisesRegex(Refused, "status 3"):
            runner.launch(["sh", "-c", "exit 3"])
