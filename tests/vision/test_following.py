"""Later pictures of a violation come at a low rate while it lasts, and one when it has ended."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.vision.soil_looks import START
from vision.evidence.manifest import Stage
from vision.following import Followed, Following, FollowUp, LaterPictures
from vision.violations import RuleName, Violation
from vision.watch_memory import WatchMemory

PLAN = LaterPictures(first_s=100, every_s=600)


def violation(opened_s: float, track_id: int = 0) -> Violation:
    opened_at = START + timedelta(seconds=opened_s)
    return Violation(RuleName.UNCOVERED_SOIL, "yard", opened_at, track_id, (0.0, 0.0, 1.0, 1.0), {"lasted_s": 1.0})


def told(following: Following, lasting: list[Violation], at_s: float) -> list[tuple[int, Stage]]:
    due = following.look(lasting, START + timedelta(seconds=at_s))
    return [(each.follows.number, each.follows.stage) for each in due]


def test_the_first_picture_comes_early_the_others_seldom_and_one_at_the_end() -> None:
    one, following = violation(0), Following(PLAN)
    seen = {at_s: due for at_s in range(0, 2000, 10) if (due := told(following, [one] if at_s < 1500 else [], at_s))}
    assert seen == {
        100: [(1, Stage.LASTING)],
        700: [(2, Stage.LASTING)],
        1300: [(3, Stage.LASTING)],
        1500: [(4, Stage.ENDED)],
    }


def test_one_that_ends_before_its_first_picture_has_the_last_one_alone() -> None:
    following = Following(PLAN)
    assert told(following, [violation(0)], 0) == []
    assert told(following, [], 50) == [(1, Stage.ENDED)]
    assert told(following, [], 60) == []


def test_a_picture_that_was_due_in_the_night_comes_with_the_first_look_of_the_day() -> None:
    following = Following(PLAN)
    assert told(following, [violation(0)], 0) == []
    assert told(following, [violation(0)], 40_000) == [(1, Stage.LASTING)]
    assert told(following, [violation(0)], 40_010) == []


def test_keys_of_later_pictures_are_made_of_the_violation_and_the_number() -> None:
    following = Following(PLAN)
    following.look([violation(0)], START)
    (due,) = following.look([violation(0)], START + timedelta(seconds=100))
    assert due.follows.key == violation(0).key
    again = due.follows.model_copy(update={"stage": Stage.ENDED})
    assert again.package_key == due.follows.package_key != violation(0).key
    assert due.follows.model_copy(update={"number": 2}).package_key != due.follows.package_key


LIVES = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 4000)), min_size=1, max_size=4)
LOOKS = st.lists(st.integers(1, 500), min_size=1, max_size=40)


@given(LIVES, LOOKS, st.sets(st.integers(0, 40), max_size=3))
def test_no_order_of_looks_shows_more_than_was_asked_for_and_a_restart_changes_nothing(
    lives: list[tuple[int, int]], steps: list[int], cuts: set[int]
) -> None:
    """Numbers have no gap, pictures keep their distance, the end comes once, and after it nothing."""
    following, whole = Following(PLAN), Following(PLAN)
    shown: dict[str, list[tuple[float, FollowUp]]] = defaultdict(list)
    at_s = 0.0
    for number, step in enumerate(steps):
        at_s += step
        lasting = [violation(since, index) for index, (since, age) in enumerate(lives) if since <= at_s < since + age]
        at = START + timedelta(seconds=at_s)
        if number in cuts:
            kept = WatchMemory(followed=following.memory()).model_dump_json()
            following = Following(PLAN, WatchMemory.model_validate_json(kept).followed)
        due = following.look(lasting, at)
        assert due == whole.look(lasting, at)
        for each in due:
            shown[each.violation.key].append((at_s, each))
    for pictures in shown.values():
        opened_s = (pictures[0][1].violation.opened_at - START).total_seconds()
        assert [each.follows.number for _, each in pictures] == list(range(1, len(pictures) + 1))
        assert all(each.follows.stage is Stage.LASTING for _, each in pictures[:-1])
        times = [opened_s, *(at_s for at_s, each in pictures if each.follows.stage is Stage.LASTING)]
        waits = [later - earlier for earlier, later in pairwise(times)]
        assert all(wait >= PLAN.first_s for wait in waits[:1])
        assert all(wait >= PLAN.every_s for wait in waits[1:])


def test_what_was_followed_is_remembered_by_its_rule() -> None:
    followed = Followed(violation=violation(0), pictures=2, pictured_at=START)
    memory = WatchMemory(followed=(followed,))
    assert memory.followed_by(RuleName.UNCOVERED_SOIL) == (followed,)
    assert memory.followed_by(RuleName.MISSING_HOARDING) == ()
