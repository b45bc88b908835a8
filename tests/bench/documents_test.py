"""The three forms of the report: JSON by its schema, text, and a page that needs nothing else."""

import json
import re
import unittest
from html.parser import HTMLParser

from bench.report import document, page, text
from bench.report.model import Result, Series
from bench.report.rooms import ROOMS
from canned import MACHINE, OWED, room


def made_result():
    r = Result(room(owed=OWED), dict(MACHINE), rounds=7, seconds=12.3, absent={"gone": "one <CPU>"})
    r.rows["base"] = Series("base", "ns", "the base", samples=[2, 2, 4, 2, 2, 2, 1], retaken=3)
    r.rows["ours"] = Series("ours", "ns", "ours & theirs", "base", [3, 3, 6, 3, 3, 3, 1.5], disturbed=2)
    return r


def barrier_result(without=()):
    """All rows of the room `barrier`, with values of the usual size."""
    values = {"store_load": 0.25, "light": 0.26, "full": 8.0, "seq_cst_store": 5.0, "store_load_pinned": 0.25,
              "light_pinned": 0.25, "heavy_alone": 130, "heavy_asleep": 160, "heavy_spinning": 7600,
              "membarrier_alone": 110, "membarrier_asleep": 140, "membarrier_spinning": 7500, "mprotect_alone": 1400,
              "mprotect_spinning": 16000, "heavy_concurrent_8": 2600, "membarrier_concurrent_8": 15000,
              "break_even": 982}
    r = Result(ROOMS["barrier"], dict(MACHINE), rounds=7, seconds=9)
    for name, value in values.items():
        if name in without:
            r.absent[name] = "not here"
        else:
            r.rows[name] = Series(name, "ns", "about", samples=[value * f for f in (1, 1.02, 0.98, 1, 1.1, 1, 1)])
    return r


class Json(unittest.TestCase):
    def setUp(self):
        self.document = json.loads(json.dumps(document.document([made_result()])))

    def test_schema_and_machine(self):
        self.assertEqual(self.document["schema"], "weir-bench-1")
        for key in ("cpu", "cores", "kernel", "compiler", "commit", "strategy", "reason"):
            self.assertIn(key, self.document["machine"])

    def test_a_row(self):
        base, ours = self.document["rows"]
        self.assertEqual((base["room"], base["name"], base["unit"]), ("made", "base", "ns"))
        self.assertEqual((base["median"], base["min"], base["max"]), (2, 1, 4))
        self.assertEqual(base["samples"], [2, 2, 4, 2, 2, 2, 1])
        self.assertEqual((base["retaken"], ours["disturbed"]), (3, 2))
        self.assertEqual((ours["reference"], ours["ratio"]), ("base", 1.5))
        self.assertNotIn("ratio", base)

    def test_absent_rows_owed_ratios_and_retakes(self):
        self.assertEqual(self.document["absent"], [{"room": "made", "name": "gone", "reason": "one <CPU>"}])
        self.assertEqual([o["verdict"] for o in self.document["owed"]], ["reached", "missed", "not owed"])
        run = self.document["runs"][0]
        self.assertEqual((run["rounds"], run["retaken"], run["disturbed"]), (7, 3, 2))


class Text(unittest.TestCase):
    def setUp(self):
        self.text = "\n".join(text.machine(MACHINE) + text.room(made_result()))

    def test_says_all_there_is(self):
        for part in ("Made <up>", "gcc 12.2.0", "membarrier: registered", "3 samples taken again",
                     "2 kept although disturbed", "1.50x base", "disturbed: 2 of 7", "gone: one <CPU>",
                     "reached   ours <= 1.5x base: 1.50x", "missed    ours <= 1.1x base", "It is <so>.",
                     "A note & more."):
            self.assertIn(part, self.text)

    def test_a_forced_strategy_is_named(self):
        self.assertNotIn("forced", self.text)
        self.assertIn("forced: WEIR_BARRIER=fence", "\n".join(text.machine({**MACHINE, "forced": "fence"})))


class Balanced(HTMLParser):
    """Complains of elements that are not closed in order."""

    EMPTY = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes nothing")


class Page(unittest.TestCase):
    def check(self, html):
        parser = Balanced()
        parser.feed(html)
        self.assertEqual(parser.open, [])
        self.assertNotRegex(html, r"<script|<link|<img|@import|url\(|src=")
        self.assertEqual(set(re.findall(r'https?://[^"]+', html)) - {"http://www.w3.org/2000/svg"}, set())

    def test_is_whole_and_needs_nothing_from_elsewhere(self):
        self.check(page.page([made_result()]))
        self.check(page.page([barrier_result()]))

    def test_text_is_escaped(self):
        html = page.page([made_result()])
        self.assertIn("Made &lt;up&gt; &amp; co", html)
        self.assertIn("It is &lt;so&gt;.", html)
        self.assertIn("one &lt;CPU&gt;", html)

    def test_says_that_samples_are_disturbed(self):
        self.assertIn("disturbed: 2 of 7", page.page([made_result()]))
        self.assertNotIn("The machine was not left alone", page.page([barrier_result()]))

    def test_follows_the_reader_into_the_dark(self):
        self.assertIn("prefers-color-scheme: dark", page.page([made_result()]))


class Barrier(unittest.TestCase):
    SPINNING = ["heavy_spinning", "membarrier_spinning", "mprotect_spinning", "heavy_concurrent_8",
                "membarrier_concurrent_8", "break_even"]

    def test_three_figures(self):
        self.assertEqual([f.title for f in ROOMS["barrier"].figures(barrier_result())],
                         ["When the pair pays", "What a reader pays", "What a writer pays"])

    def test_the_conclusion_names_the_number_of_reads(self):
        self.assertIn("982 reads per write", ROOMS["barrier"].conclusion(barrier_result()))

    def test_one_cpu_leaves_out_rows_and_still_reports(self):
        r = barrier_result(self.SPINNING)
        self.assertEqual(len(ROOMS["barrier"].figures(r)), 2)
        self.assertIn("cannot be said here", ROOMS["barrier"].conclusion(r))
        self.assertIn("What a writer pays", page.page([r]))
        self.assertIn("absent", "\n".join(text.room(r)))

    def test_no_membarrier_leaves_out_rows_and_still_reports(self):
        r = barrier_result([n for n in barrier_result().rows if "membarrier" in n or "pinned" in n])
        self.assertIn("What a writer pays", page.page([r]))
        self.assertEqual({o["verdict"] for o in document.document([r])["owed"]}, {"reached", "absent"})

    def test_programs_that_differ_in_the_same_loop_are_told(self):
        r = barrier_result()
        self.assertNotIn("the same loop", " ".join(ROOMS["barrier"].notes(r)).lower())
        r.rows["store_load_pinned"].samples = [0.5] * 7
        self.assertIn("the same loop", " ".join(ROOMS["barrier"].notes(r)).lower())


def result_of(room_name, rival, without):
    """All rows of a room, with values that are somebody's; of its rival's, twice as large."""
    r = Result(ROOMS[room_name], dict(MACHINE), rounds=7, seconds=9)
    for program in r.room.programs:
        for row in program.rows:
            if without(row.name):
                r.absent[row.name] = "not here"
            else:
                samples = [(2 if rival in row.name else 1) * f for f in (1, 1.02, 0.98, 1, 1.1, 1, 1)]
                r.rows[row.name] = Series(row.name, row.unit, row.about, row.reference, samples)
    return r


def rcu_result(without=lambda name: False):
    return result_of("rcu", "liburcu", without)


def hazard_result(without=lambda name: False):
    return result_of("hazard", "ck_hp", without)


def nt_result(without=lambda name: False):
    return result_of("nt", "sync_", without)


class Rows(unittest.TestCase):
    def test_references_and_promises_name_rows_that_there_are(self):
        for r in (rcu_result(), hazard_result(), nt_result()):
            for s in r.rows.values():
                self.assertIn(s.reference, {None, *r.rows})
            for owed in r.room.owed:
                self.assertIn(owed.row, r.rows)
                self.assertIn(owed.reference, {None, *r.rows})


class Rcu(unittest.TestCase):
    def test_figures_and_conclusion(self):
        r = rcu_result()
        self.assertEqual([f.title for f in r.room.figures(r)],
                         ["What a reader pays", "What a writer pays who waits", "What a writer pays who does not wait"])
        self.assertIn("0.50x what liburcu's costs", r.room.conclusion(r))
        self.assertIn("synchronize_active 1.0;", " ".join(r.room.notes(r)))
        self.assertIn("What a reader pays", page.page([r]))

    def test_without_liburcu_or_a_second_cpu_it_still_reports(self):
        for without in (lambda name: "liburcu" in name, lambda name: "2t" in name or "active" in name or "rw_" in name):
            r = rcu_result(without)
            self.assertIn("A section costs 1.00 ns", r.room.conclusion(r))
            self.assertIn("What a reader pays", page.page([r]))
            self.assertIn("absent", "\n".join(text.room(r)))


class Hazard(unittest.TestCase):
    def test_figures_and_conclusion(self):
        r = hazard_result()
        self.assertEqual([f.title for f in r.room.figures(r)],
                         ["What a reader pays", "What a writer pays", "What a reader pays beside a writer",
                          "What a container pays"])
        self.assertIn("0.50x what it reads with ck_hp", r.room.conclusion(r))
        self.assertIn("threshold of 4,096, as Weir's", " ".join(r.room.notes(r)))
        self.assertIn("What a container pays", page.page([r]))

    def test_peaks_are_held_to_the_bound_that_is_stated(self):
        limits = {o.row: o.limit for o in ROOMS["hazard"].owed if o.reference is None}
        self.assertEqual(limits, {"retire_1t_peak": 8442, "retire_2t_peak": 16884, "retire_2t_8192_peak": 33268,
                                  "rw_peak": 8443})

    def test_without_rivals_or_a_second_cpu_it_still_reports(self):
        for without in (lambda name: "ck_hp" in name or "boost" in name,
                        lambda name: "2t" in name or "rw" in name):
            r = hazard_result(without)
            self.assertIn("with the read of it, 1.00x", r.room.conclusion(r))
            self.assertIn("What a writer pays", page.page([r]))
            self.assertIn("absent", "\n".join(text.room(r)))


class Nt(unittest.TestCase):
    def test_figures_and_conclusion(self):
        r = nt_result()
        self.assertEqual([f.title for f in r.room.figures(r)],
                         ["What it costs when nobody else is there", "What a hand-over costs", "What a handle costs",
                          "What a lock costs that others want"])
        self.assertIn("1.00 ns where nobody else is there, 1.00x what two exchanges cost", r.room.conclusion(r))
        self.assertIn("1.00x what a robust mutex costs", r.room.conclusion(r))
        self.assertIn("Their waits for all are not atomic", " ".join(r.room.notes(r)))
        self.assertIn("What a hand-over costs", page.page([r]))

    def test_every_rival_answers_a_row_of_ours(self):
        r = nt_result()
        for prefix in ("esync_", "fsync_", "futex_count_", "sem_t_", "robust_mutex_", "cond_",
                       "wine_server_"):
            rows = [s for name, s in r.rows.items() if name.startswith(prefix) and not name.endswith("_lesser")]
            self.assertTrue(rows)
            for s in rows:
                self.assertEqual(s.name, prefix + s.reference)

    def test_without_rivals_or_a_second_cpu_it_still_reports(self):
        for without in (lambda name: "sync_" in name or "mutex" in name or "futex" in name,
                        lambda name: "2core" in name):
            r = nt_result(without)
            self.assertIn("1.00x what two exchanges cost", r.room.conclusion(r))
            self.assertIn("What a hand-over costs", page.page([r]))
            self.assertIn("absent", "\n".join(text.room(r)))
