"""The pictures of the room `hazard`."""

from typing import List, Tuple

from bench.report.lanes import Group, Lane, lanes_of, plot
from bench.report.model import Figure, Result


def _one_and_two(result: Result, names: List[Tuple[str, str, str]]) -> List[Group]:
    def lanes(suffix: str) -> List[Lane]:
        return lanes_of(result, [(name + suffix, label, style) for name, label, style in names])

    return [Group("One thread", lanes("")), Group("Two threads, each on its CPU", lanes("_2t"))]


def protecting(result: Result) -> str:
    groups = _one_and_two(result, [
        ("plain_load", "nothing protected", "plain"),
        ("protect_reused", "a pointer, kept", "ours"),
        ("protect_local", "hazard::local", "ours"),
        ("protect_new", "a pointer, new", "ours"),
        ("ck_hp_protect_reused", "ck_hp, kept", "rival"),
        ("atomic_shared_ptr", "atomic<shared_ptr>", "dear"),
        ("shared_mutex", "std::shared_mutex", "dear"),
        ("plain_load_3", "three, not protected", "plain"),
        ("array_3", "three, by an array", "ours"),
    ])
    return plot("cost of protecting", groups, "ns for a read, logarithmic", logarithmic=True)


def retiring(result: Result) -> str:
    groups = [
        Group("One thread", lanes_of(result, [
            ("cas", "a compare_exchange()", "plain"),
            ("retire_1t", "retire()", "ours"),
            ("ck_hp_retire_1t", "ck_hp", "rival"),
            ("retire_1t_written", "retire(), written to", "ours"),
            ("ck_hp_retire_1t_written", "ck_hp, written to", "rival"),
        ])),
        Group("Two threads", lanes_of(result, [
            ("retire_2t", "retire()", "ours"),
            ("retire_2t_8192", "retire(), threshold 8,192", "ours"),
            ("ck_hp_retire_2t", "ck_hp", "rival"),
            ("retire_2t_written", "retire(), written to", "ours"),
            ("ck_hp_retire_2t_written", "ck_hp, written to", "rival"),
        ])),
    ]
    return plot("cost of retiring an object", groups, "ns for an object, until it is reclaimed, logarithmic",
                logarithmic=True)


def beside_a_writer(result: Result) -> str:
    groups = [
        Group("The writer makes 100,000 updates a second", lanes_of(result, [
            ("rwlim_reads", "hazard::pointer", "ours"),
            ("ck_hp_rwlim_reads", "ck_hp", "rival"),
        ])),
        Group("The writer is as fast as can be", lanes_of(result, [
            ("rw_reads", "hazard::pointer", "ours"),
            ("ck_hp_rw_reads", "ck_hp", "rival"),
        ])),
    ]
    return plot("reads beside a writer", groups, "millions of reads a second, logarithmic", logarithmic=True)


def containers(result: Result) -> str:
    groups = _one_and_two(result, [
        ("stack_push_pop", "stack, hazard", "ours"),
        ("rcu_stack_push_pop", "stack, RCU", "ours"),
        ("boost_stack_push_pop", "boost's stack", "rival"),
        ("mutex_stack_push_pop", "stack, mutex", "dear"),
        ("queue_enq_deq", "queue, hazard", "ours"),
        ("rcu_queue_enq_deq", "queue, RCU", "ours"),
        ("boost_queue_enq_deq", "boost's queue", "rival"),
        ("mutex_queue_enq_deq", "queue, mutex", "dear"),
    ])
    return plot("cost of a number in and out", groups, "ns for one in and one out, logarithmic", logarithmic=True)


def all_of(result: Result) -> List[Figure]:
    beside = "Points are rounds. In brackets: how many times the row that the table names. The scale is logarithmic."
    figures = [Figure(
        "What a reader pays", f"A read of what is protected, back to back, beside other ways to the same. {beside}",
        protecting(result))]
    if "retire_1t" in result.rows or "ck_hp_retire_1t" in result.rows:
        figures.append(Figure("What a writer pays",
                              f"Retiring objects as fast as can be, up to the end of the last deleter. {beside}",
                              retiring(result)))
    if "rwlim_reads" in result.rows:
        figures.append(Figure("What a reader pays beside a writer",
                              f"The writer allocates, exchanges and retires. {beside}", beside_a_writer(result)))
    if "stack_push_pop" in result.rows:
        figures.append(Figure("What a container pays",
                              f"One number in and one out, on a container that all threads share. {beside}",
                              containers(result)))
    return figures
