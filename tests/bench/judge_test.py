"""What counts as disturbed, which of two samples is kept, and what becomes of ratios and promises."""

import unittest

from bench.barrier import room as barrier
from bench.report import judge
from bench.report.model import Owed, Result, Series
from bench.report.words import count, number, times
from canned import MACHINE, OWED, room, sample


def result(owed=(), absent=None, **rows):
    r = Result(room(owed=owed), MACHINE, absent=absent or {})
    for name, samples in rows.items():
        r.rows[name] = Series(name, "ns", "", samples=list(samples))
    return r


class Disturbed(unittest.TestCase):
    def test_a_thread_that_had_its_cpu_is_not(self):
        self.assertFalse(judge.disturbed(sample("b", 1, share=0.999), 10))

    def test_a_thread_that_lost_its_cpu_is(self):
        self.assertTrue(judge.disturbed(sample("b", 1, share=0.97), 10))

    def test_most_of_a_sample_must_be_left_when_breaks_are_struck_out(self):
        self.assertTrue(judge.disturbed(sample("b", 1, company=0.4), 10))
        self.assertFalse(judge.disturbed(sample("b", 1, company=0.6), 10))

    def test_time_stolen_by_the_hypervisor_is(self):
        self.assertTrue(judge.disturbed(sample("b", 1, stolen_ms=10), 10))

    def test_others_that_run_on_other_cpus_are(self):
        self.assertTrue(judge.disturbed(sample("b", 1, others=0.5), 10))
        self.assertFalse(judge.disturbed(sample("b", 1, others=0.1), 10))

    def test_a_sample_much_too_short_is(self):
        self.assertTrue(judge.disturbed(sample("b", 1, wall_ms=1), 10))


class Better(unittest.TestCase):
    def test_the_undisturbed_one_wins_in_either_place(self):
        clean, bad = sample("b", 9), sample("b", 1, share=0.5)
        self.assertIs(judge.better(clean, bad, 10), clean)
        self.assertIs(judge.better(bad, clean, 10), clean)

    def test_of_two_disturbed_ones_the_larger_share_wins(self):
        worse, bad = sample("b", 1, share=0.4), sample("b", 9, share=0.5)
        self.assertIs(judge.better(worse, bad, 10), bad)

    def test_the_spinning_thread_matters_most(self):
        worse, bad = sample("b", 1, company=0.4, share=0.9), sample("b", 9, company=0.5, share=0.8)
        self.assertIs(judge.better(worse, bad, 10), bad)

    def test_what_was_measured_does_not_matter(self):
        slow, fast = sample("b", 9), sample("b", 1)
        self.assertIs(judge.better(slow, fast, 10), slow)
        self.assertIs(judge.better(fast, slow, 10), fast)


class Ratio(unittest.TestCase):
    def test_is_the_median_of_the_ratios_of_rounds(self):
        # The ratio of the medians would be 4 / 2.
        self.assertEqual(judge.ratio(result(ours=[2, 4, 9], base=[2, 4, 1]), "ours", "base"), 1)

    def test_is_none_without_both_rows(self):
        self.assertIsNone(judge.ratio(result(ours=[1]), "ours", "base"))


class Promises(unittest.TestCase):
    def verdicts(self, r):
        return [p["verdict"] for p in judge.promises(r)]

    def test_reached_missed_and_where(self):
        r = result(OWED, ours=[1.2, 1.2], base=[1, 1], special=[12, 12])
        self.assertEqual(self.verdicts(r), ["reached", "missed", "reached"])

    def test_the_limit_itself_is_reached(self):
        self.assertEqual(self.verdicts(result(OWED[:1], ours=[1.5], base=[1])), ["reached"])

    def test_a_limit_from_below(self):
        owed = (Owed("ours >= 1.5x base", "ours", "base", 1.5, at_least=True),)
        self.assertEqual(self.verdicts(result(owed, ours=[3, 3], base=[2, 2])), ["reached"])
        self.assertEqual(self.verdicts(result(owed, ours=[2.9, 2.9], base=[2, 2])), ["missed"])

    def test_a_bound_holds_in_every_round_or_is_missed(self):
        owed = (Owed("ours <= 8", "ours", None, 8),)
        self.assertEqual(self.verdicts(result(owed, ours=[7, 8, 7])), ["reached"])
        missed = judge.promises(result(owed, ours=[7, 9, 7]))[0]
        self.assertEqual((missed["verdict"], missed["value"], judge.shown(missed)), ("missed", 9, "9.00 at most"))
        self.assertEqual(self.verdicts(result(owed, absent={"ours": "not here"})), ["absent"])

    def test_not_owed_where_the_condition_does_not_hold(self):
        r = result(OWED, ours=[1.2], base=[1], special=[9])
        self.assertEqual(self.verdicts(r)[2], "not owed")

    def test_an_absent_row_is_named(self):
        promise = judge.promises(result(OWED[:1], absent={"ours": "no such call"}, base=[1]))[0]
        self.assertEqual(promise["verdict"], "absent")
        self.assertEqual(promise["why"], "there is no ours here")

    def test_disturbed_samples_are_mentioned(self):
        r = result(OWED[:1], ours=[1], base=[1])
        r.rows["base"].disturbed = 1
        self.assertIn("1 of 2 samples disturbed", judge.promises(r)[0]["why"])


class Warnings(unittest.TestCase):
    def test_nothing_is_said_of_an_idle_machine(self):
        self.assertEqual(judge.warning(result(ours=[1], base=[1])), "")

    def test_samples_are_counted_and_computed_rows_are_not(self):
        r = result(ours=[1, 1], base=[1, 1], sum=[2, 2])
        r.rows["ours"].disturbed = r.rows["sum"].disturbed = 1
        self.assertIn("1 of 4 samples", judge.warning(r))


class BreakEven(unittest.TestCase):
    ROUND = {"store_load": 1.0, "light": 2.0, "full": 12.0, "heavy_spinning": 1011.0}

    def test_both_ways_cost_the_same_there(self):
        reads = barrier.break_even(self.ROUND)
        self.assertEqual(reads, 100)
        self.assertEqual(reads * 2 + 1011, reads * 12 + (12 - 1))

    def test_none_where_light_is_a_fence(self):
        self.assertIsNone(barrier.break_even({**self.ROUND, "light": 11.9}))

    def test_none_where_heavy_is_no_dearer_than_a_fence(self):
        self.assertIsNone(barrier.break_even({**self.ROUND, "heavy_spinning": 5.0}))


class Words(unittest.TestCase):
    def test_three_digits_and_thousands(self):
        shown = [number(v) for v in (0, 0.2514, 8.016, 12.34, 141.6, 7561.9, 1234567)]
        self.assertEqual(shown, ["0", "0.251", "8.02", "12.3", "142", "7,560", "1,230,000"])

    def test_times(self):
        self.assertEqual([times(v) for v in (None, 1.004, 31.25, 312.5)], ["", "1.00x", "31.2x", "312x"])

    def test_count(self):
        self.assertEqual([count(n, "round") for n in (1, 2)], ["1 round", "2 rounds"])
