#!/usr/bin/env python3
"""Pairs whose other end is missing are found; whole ones are left alone."""
import sys
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = ["tools/lint", "tests/lint"]
import cases
import pairs
from source import Source

WHOLE = """\
  // [enter] The store of our phase is before the loads of the section.
  // Pairs with [scan].
  phase.store(1, std::memory_order_release);
"""
OTHER = """\
  // [scan] Acquire. Pairs with [enter] in a.h.
  phase.load(std::memory_order_acquire);
"""


class PairsTest(unittest.TestCase):
    def check(self, check, files, expected):
        sources = [Source(path, content) for path, content in files.items()]
        self.assertEqual([(path, line) for path, line, _ in check(sources)], expected)

    def pairs(self, files, *expected):
        self.check(pairs.named_pairs, files, list(expected))

    def names(self, content, *lines):
        self.check(pairs.orderings_are_named, {"rcu/a.h": content}, [("rcu/a.h", line) for line in lines])

    def test_a_whole_pair(self):
        self.pairs({"rcu/a.h": WHOLE, "rcu/b.cc": OTHER})

    def test_the_other_end_is_missing(self):
        self.pairs({"rcu/a.h": WHOLE}, ("rcu/a.h", 1), ("rcu/a.h", 1))  # [scan] has no site, [enter] no other end

    def test_a_name_that_stands_alone(self):
        self.pairs({"rcu/a.h": "// [publish] Release: it is complete.\n"}, ("rcu/a.h", 1))

    def test_one_name_for_both_ends(self):
        self.pairs({"rcu/a.h": "x();  // [publish] complete\n\ny();  // [publish]\n"})

    def test_the_same_name_in_another_room_is_no_other_end(self):
        self.pairs({"rcu/a.h": "x();  // [publish]\n", "hazard/a.h": "y();  // [publish]\n"},
                   ("rcu/a.h", 1), ("hazard/a.h", 1))

    def test_a_pair_between_rooms(self):
        self.pairs({"barrier/a.h": WHOLE, "rcu/b.cc": OTHER})

    def test_a_partner_that_does_not_answer(self):
        self.pairs({"rcu/a.h": WHOLE, "rcu/b.cc": "// [scan] Acquire.\nx();\n// Not like [enter].\n"}, ("rcu/a.h", 1))

    def test_a_partner_in_another_file_than_said(self):
        self.pairs({"rcu/b.h": WHOLE, "rcu/c.cc": OTHER}, ("rcu/c.cc", 1))

    def test_a_name_broken_by_the_end_of_a_line_is_no_site(self):
        self.pairs({"rcu/a.h": "// [here] Pairs with\n// [there]. More.\nx();\n\n// [there] Pairs with [here].\n"})
        self.pairs({"rcu/a.h": "// [here] Pairs with\n// [there]. More.\nx();\n"}, ("rcu/a.h", 1), ("rcu/a.h", 1))

    def test_what_is_in_brackets_but_no_name(self):
        self.pairs({"rcu/a.h": "// [atomics.order], words[i], [[likely]], [text](link), [0, n), [B]\nint a[size];\n"})

    def test_a_name_in_the_readme(self):
        files = {"rcu/a.h": WHOLE, "rcu/b.cc": OTHER}
        self.pairs({**files, "rcu/README.md": "The proof: [enter], then [scan].\n"})
        self.pairs({**files, "rcu/README.md": "The proof:\n[leave].\n"}, ("rcu/README.md", 2))

    def test_an_order_without_a_name(self):
        self.names(WHOLE)
        self.names("x.store(1, std::memory_order_release);  // [publish]\n")
        self.names("x.store(1, std::memory_order_release);  // complete\n", 1)
        self.names("x.store(1, std::memory_order::release);  // complete\n", 1)
        self.names("// [publish] Complete.\n\nx.store(1, std::memory_order_release);\n", 3)
        self.names("// It is complete.\nx.store(1, std::memory_order_release);\n", 2)
        self.names("x.store(1, std::memory_order_relaxed);\n")
        self.names("std::atomic_signal_fence(std::memory_order_seq_cst);\n")
        self.names("constexpr std::memory_order seen = std::memory_order_acquire;\n")

    def test_mutations_in_the_table(self):
        code = {"rcu/a.h": 'x.load(mutation::order<"scan">(a));\nif (removed<"wake">()) return;\n'}
        table = {"docs/testing.md": "| `scan` | who notices `wake` |\n"}
        build = {"bazel/mutations.bzl": 'MUTATIONS = [\n    "scan",\n    "wake",\n]\n'}
        self.check(pairs.mutations_are_in_the_table, {**code, **table, **build}, [("rcu/a.h", 2)])
        self.check(pairs.mutations_are_in_the_table, code, [])

    def test_mutations_that_a_build_can_name(self):
        code = {"rcu/a.h": 'x.load(mutation::order<"scan">(a));\n'}
        table = {"docs/testing.md": "| `scan` | |\n"}
        build = {"bazel/mutations.bzl": 'MUTATIONS = [\n    "wake",\n]\n'}
        self.check(pairs.mutations_are_in_the_table, {**code, **table, **build},
                   [("rcu/a.h", 1), ("bazel/mutations.bzl", 1)])


if __name__ == "__main__":
    cases.main()
