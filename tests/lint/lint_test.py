#!/usr/bin/env python3
"""Each check of tools/lint finds what it is for, and leaves alone what is right."""
import sys
import unittest

sys.dont_write_bytecode = True
sys.path[:0] = ["tools/lint", "tests/lint"]
import atomics
import builds
import cases
import includes
import preprocessor
import tests
import text
from source import Source


class LintTest(unittest.TestCase):
    def found(self, check, *files):
        """The lines of the first file's findings; a file is (path, text)."""
        sources = [Source(path, content) for path, content in files]
        return [line for path, line, _ in check(sources) if path == files[0][0]]

    def bad(self, check, path, *snippets, line=1):
        for snippet in snippets:
            with self.subTest(snippet):
                self.assertEqual(self.found(check, (path, snippet)), [line])

    def good(self, check, path, *snippets):
        for snippet in snippets:
            with self.subTest(snippet):
                self.assertEqual(self.found(check, (path, snippet)), [])

    def test_comments_and_quotes_are_no_code(self):
        s = Source("a.cc", 'int a = 10\'000; // "x"\nauto b = "// y"; /* z\n */ char c = \'"\'; auto d = R"(")";\n')
        self.assertEqual(s.code_lines[0].rstrip(), "int a = 10'000;")
        self.assertNotIn("y", s.code)
        self.assertNotIn("z", s.code)
        self.assertIn("char c = ' ';", s.code_lines[2])
        self.assertEqual([len(line) for line in s.code_lines], [len(line) for line in s.lines])

    def test_includes_between_rooms(self):
        files = [("rcu/a.h", ""), ("hazard/a.h", ""), ("barrier/a.h", ""), ("sync/a.h", "")]

        def one(path, line):
            return self.found(includes.includes_run_one_way, (path, line + "\n"), *files)

        self.assertEqual(one("barrier/x.h", '#include "weir/rcu/a.h"'), [1])
        self.assertEqual(one("rcu/x.h", '#include "weir/hazard/a.h"'), [1])
        self.assertEqual(one("hazard/x.cc", '#include "weir/sync/a.h"'), [1])
        self.assertEqual(one("barrier/x.h", '#include "barrier/a.h"'), [1])
        self.assertEqual(one("barrier/x.h", '#include "a.h"'), [1])
        self.assertEqual(one("barrier/x.h", "#include <weir/barrier/a.h>"), [1])
        self.assertEqual(one("barrier/x.h", '#include "weir/barrier/none.h"'), [1])
        self.assertEqual(one("tests/x.cc", '#include "rcu/a.h"'), [1])
        for path, line in [
            ("sync/x.h", '#include "weir/rcu/a.h"'),
            ("rcu/x.h", '#include "weir/barrier/a.h"'),
            ("tests/x.cc", '#include "weir/sync/a.h"'),
            ("barrier/x.h", "#include <vector>"),
            ("barrier/x.h", '// #include "weir/rcu/a.h"'),
        ]:
            self.assertEqual(one(path, line), [], line)

    def test_includes_of_tests_by_path(self):
        helper = ("tests/room/helper.h", "")
        check = includes.includes_run_one_way
        self.assertEqual(self.found(check, ("tests/room/a.cc", '#include "helper.h"\n'), helper), [1])
        self.assertEqual(self.found(check, ("tests/room/a.cc", '#include "tests/room/helper.h"\n'), helper), [])

    def test_systems_in_the_preprocessor(self):
        check = preprocessor.no_systems_in_the_preprocessor
        bad = ["#ifdef __linux__\n", "#if defined(WEIR_X) && \\\n    defined(_MSC_VER)\n", "#elif __GNUC__ > 9\n",
               "# if defined(linux)\n", "#if TARGET_OS_IPHONE\n", "#if __has_feature(thread_sanitizer)\n"]
        self.bad(check, "rcu/x.h", *bad)
        self.bad(check, "tests/x.cc", bad[0])
        self.good(check, "rcu/x.h", "#if defined(WEIR_X)\n", "#ifndef NDEBUG\n", "#ifdef __cplusplus\n",
                  "#if __has_include(<x.h>)\n", "#if __cpp_lib_atomic_ref\n", "// #ifdef __linux__\n")
        self.good(check, "barrier/port.h", *bad)

    def test_orders_that_are_not_named(self):
        check = atomics.atomics_name_their_order
        self.bad(check, "rcu/x.h", "int i = a.load();", "p->exchange(1);", "a[i].fetch_add(f(1, 2));",
                 "a.compare_exchange_weak(x, y);", "std::atomic<int> a{0}; void f() { a.store(1); }",
                 "weir::atomic<int> a; void f() { ++a; }", "std::atomic<bool> a; void f() { a = true; }",
                 "std::atomic<int> a; void f() { a.wait(0); }", "std::atomic_flag a; bool b = a.test_and_set();")
        self.bad(check, "tests/x.cc", "std::atomic<int> a; f(c[a++]);", "int a; std::atomic<int> a; ++a;",
                 "struct s { std::atomic<int> a; }; void f(s& b) { ++b.a; }", "std::atomic<bool> a; if (a) f();",
                 "std::atomic<bool> a; while (!a) f();", "std::atomic<int> a; if (b.a == 3) f();",
                 "std::atomic<bool> a; f(a ? 1 : 2);")
        self.good(check, "tests/x.cc", "std::atomic<int> a; int a; ++a;", "std::atomic<int> a; int a; if (a) f();",
                  "std::atomic<int> a; return a.load(std::memory_order_relaxed);", "std::atomic<int> a; f(&a);",
                  "std::atomic<int>& f() { static std::atomic<int> a; return a; }",
                  "std::atomic<int> a; s t{.a = 1};", "std::atomic<int> a; if (f(&a)) g();")
        self.good(check, "rcu/x.h", "a.load(std::memory_order_relaxed);", "a.fetch_add(1, order);", "// a.load()",
                  "a.compare_exchange_weak(x, y, std::memory_order_acquire);", "file.store(x);", "text.clear();",
                  "condition.wait(lock);", "std::exchange(a, 1);", "std::atomic<int> a = 0;", "int a; a = 1;",
                  "std::atomic<int> a{0}; auto b = [&a = a] { return a.load(std::memory_order_relaxed); };")

    def test_text(self):
        check = text.text_is_clean
        self.bad(check, "rcu/x.h", "x" * 121 + "\n", "\tint a;\n", "int a; \n", "int a;", "// TO" + "DO: more\n",
                 "// see /ho" + "me/somebody/x\n", "// as in issue" + " #12\n", "// from pypi" + ".org\n")
        self.bad(check, "rcu/x.h", "int a;\n" * 401, line=401)
        self.good(check, "rcu/x.h", "x" * 120 + "\n", "int a;\n" * 400, "// https://" + "x" * 120 + "\n", "",
                  "// heavy() issues a barrier\n", "// /proc/cpuinfo, /usr/include\n")
        self.good(check, "docs/x.md", "x" * 200 + "\n", "line\n" * 500)

    def test_assertions_in_threads(self):
        check = tests.assertions_stay_on_the_main_thread
        bad = ["std::thread t([&] { CHECK(a == b); });", "std::jthread{[] { REQUIRE_THROWS(f()); }};",
               "std::thread t{[] { SUCCEED(); }};", "std::vector<std::thread> ts; ts.emplace_back([] { CHECK(f()); });",
               "std::thread ts[2] = {std::thread([] { FAIL(1); })};", "crew all; all.add([&] { CHECK(f()); });",
               "CHECK(forked([] { REQUIRE(f()); return 0; }).summary() == x);", "beside b([] { CHECK(f()); });"]
        self.bad(check, "tests/x.cc", *bad)
        self.good(check, "rcu/x.cc", *bad)
        self.good(check, "tests/x.cc", "std::thread t([&] { f(); }); CHECK(a == b);", "run([] { CHECK(f()); });",
                  "std::vector<std::thread> ts; ts.emplace_back([] { f(); }); CHECK(ts.size() == 1);",
                  "crew all; all.add([&] { f(); }); CHECK(all.join() == x);", "CHECK(forked(&f).summary() == x);",
                  "beside b([] { return f(); }); CHECK(b.end().summary() == x);")

    def test_sleeping(self):
        check = tests.tests_do_not_sleep
        bad = ["std::this_thread::sleep_for(1ms);", "usleep(10);", "::nanosleep(&t, nullptr);", "sleep(1);",
               "::clock_nanosleep(CLOCK_MONOTONIC, 0, &t, nullptr);", "::poll(nullptr, 0, 50);",
               "::select(0, nullptr, nullptr, nullptr, &t);", "changed.wait_for(lock, 50ms);", "future.wait_for(1s);",
               "changed.wait_until(lock, then);"]
        self.bad(check, "tests/x.cc", *bad)
        self.good(check, "rcu/x.cc", *bad)
        self.good(check, "tests/x.cc", "combiner.sleep(1);", "// sleep(1)", "void nosleep();", "::poll(&fd, 1, left);",
                  "changed.wait_for(lock, deadline(), [&] { return there; });")
        self.bad(check, "tests/x.py", "time" + ".sleep(1)\n", "from time" + " import sleep\n")
        self.bad(check, "tests/x.sh", "sleep" + " 1\n", "true; sleep" + " 1\n")
        self.good(check, "tests/x.py", "rest(1)\n", "import time\n")
        self.good(check, "tests/x.sh", "echo asleep\n")

    def test_build_files(self):
        self.bad(builds.tests_are_testonly, "tests/x/BUILD", "weir_cc_test(\n)\n")
        self.good(builds.tests_are_testonly, "tests/x/BUILD", "package(default_testonly = True)\n")
        self.good(builds.tests_are_testonly, "rcu/BUILD", "weir_cc_library(\n)\n")
        self.bad(builds.rules_come_from_one_place, "rcu/BUILD", 'load("@rules_cc//x.bzl", "x")\n', "cc_library(\n)\n",
                 "sh_test(\n)\n")
        self.good(builds.rules_come_from_one_place, "rcu/BUILD", "weir_cc_library(\n)\n")
        for name, lines in [("a.h", []), ("b.h", [1])]:
            files = (f"rcu/{name}", ""), ("rcu/BUILD", 'hdrs = ["a.h"]')
            self.assertEqual(self.found(builds.sources_are_built, *files), lines)
        files = ("rcu/inner/c.h", ""), ("rcu/BUILD", 'hdrs = ["inner/c.h"]')
        self.assertEqual(self.found(builds.sources_are_built, *files), [])


if __name__ == "__main__":
    cases.main()
