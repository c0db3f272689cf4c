"""A process's family, and what all of it has used, whoever of it ended meanwhile."""

import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cluster.process_trees import Seen, cpu_s, family, processes, seen_in
from benchmarks.process_cost import TICKS_PER_S


def test_a_name_with_brackets_and_spaces_is_read_over() -> None:
    stat = "12 (ray::Shard) (x y) S 3 12 12 0 -1 4194304 1 2 3 4 100 50 30 20 20 0"
    assert seen_in(stat) == Seen(parent=3, cpu_s=200 / TICKS_PER_S)


def test_a_family_is_a_process_and_all_below_it() -> None:
    seen = {1: Seen(0, 1), 2: Seen(1, 1), 3: Seen(2, 1), 4: Seen(1, 1), 5: Seen(0, 1)}
    assert sorted(family(1, seen)) == [1, 2, 3, 4]
    assert family(5, seen) == [5]


def test_what_a_child_had_used_stays_when_it_ends() -> None:
    before = {1: Seen(0, 10.0), 2: Seen(1, 4.0)}
    after = {1: Seen(0, 11.0 + 6.0)}  # the parent used 1 s; the child 2 s more, and was waited for
    assert cpu_s([1], after) - cpu_s([1], before) == 3.0


@given(st.dictionaries(st.integers(2, 30), st.integers(1, 30)))
def test_what_is_below_several_roots_counts_once(parents: dict[int, int]) -> None:
    seen = {1: Seen(0, 1.0), **{child: Seen(parent, 1.0) for child, parent in parents.items() if parent < child}}
    assert cpu_s(seen.keys(), seen) == len(seen)


def test_a_process_that_runs_is_found_below_the_one_that_started_it() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in family(os.getpid(), processes())
    finally:
        child.communicate(b"\n")


def test_a_root_that_is_gone_costs_nothing() -> None:
    assert cpu_s([7], {1: Seen(0, 1.0)}) == 0
