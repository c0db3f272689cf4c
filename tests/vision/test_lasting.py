"""What lasts opens after its grace time and closes after a time of absence, however the looks fall."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.vision.soil_looks import START
from vision.lasting import Lasting, Level, WatchedTime

LOOKS = st.lists(st.tuples(st.sampled_from(Level), st.integers(0, 40)), max_size=80)
GRACE_S, CLOSE_S = 60, 30


@given(LOOKS)
def test_it_never_flaps(looks: list[tuple[Level, int]]) -> None:
    """Between two openings lies an absence of the closing time, and before each a presence of the grace time."""
    lasting = Lasting(GRACE_S, CLOSE_S)
    present_s = absent_s = longest_absent_s = 0.0
    was_open, has_opened, before = False, False, Level.ABSENT
    for level, seconds in looks:
        passed = seconds if level is before else 0
        before = level
        absent_s = absent_s + passed if level is Level.ABSENT else 0.0
        longest_absent_s = max(longest_absent_s, absent_s)
        present_s = 0.0 if level is Level.ABSENT else present_s + passed * (level is Level.PRESENT)
        opens = lasting.look(level, seconds)
        assert not (opens and was_open)
        if opens:
            assert present_s >= GRACE_S
            assert not has_opened or longest_absent_s >= CLOSE_S
            has_opened, longest_absent_s = True, 0.0
        was_open = lasting.is_open


@given(st.integers(1, 10))
def test_a_slower_pace_makes_the_grace_time_longer(factor: int) -> None:
    lasting = Lasting(GRACE_S, CLOSE_S)
    opened = [number for number in range(2000) if lasting.look(Level.PRESENT, 1, 1 / factor)]
    assert abs(opened[0] - GRACE_S * factor) <= 1
    assert lasting.lasted_s >= GRACE_S * factor - 1


def test_what_is_between_the_limits_lets_time_stand_still() -> None:
    lasting = Lasting(GRACE_S, CLOSE_S)
    for _ in range(5):
        lasting.look(Level.PRESENT, 10)
    for _ in range(100):
        assert not lasting.look(Level.BETWEEN, 10)
    assert not lasting.look(Level.PRESENT, 10)
    assert not lasting.look(Level.PRESENT, 10)
    assert lasting.look(Level.PRESENT, 10)


def test_watched_time_leaves_out_gaps_pauses_and_steps_back() -> None:
    time = WatchedTime(longest_gap_s=60)
    steps = [0, 30, 90, 200, 150, 160]
    assert [time.advance(START + timedelta(seconds=at)) for at in steps] == [0, 30, 60, 0, 0, 10]
    time.pause()
    assert time.advance(START + timedelta(seconds=170)) == 0
    assert time.seconds == 100
