"""Two readings of a status make rows of rates; what they can't tell stays unknown, and no rate is ever negative."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.edge.status import CameraStatus, EdgeStatus
from service.edge.status_rows import WINDOW, CameraRow, camera_rows, remember
from streams.feed import CameraState
from streams.health.observation import HealthKind
from tests.service.edge.statuses import LIVE, NOON, camera, edge


def row(before: EdgeStatus, after: EdgeStatus) -> CameraRow:
    (only,) = camera_rows(before, after, after.at)
    return only


def test_rates_come_from_the_difference_of_two_readings() -> None:
    before = edge(camera(feed={"packets": 100}, inspected=10, cpu_s=1.0))
    after = edge(camera(feed={"packets": 200}, inspected=30, cpu_s=1.5), after_s=4)
    told = row(before, after)
    assert (told.frames_per_second, told.inspected_per_minute, told.cpu_percent) == (25, 300, 12.5)


def test_what_is_counted_since_the_start() -> None:
    feed = {"frames": 8, "unchanged": 6, "dropped": 3, "connections": 4}
    told = row(edge(), edge(camera(feed=feed), after_s=1))
    assert (told.unchanged_share, told.dropped, told.reconnects) == (0.75, 3, 3)


def test_a_camera_that_never_sent_tells_no_share_and_no_age() -> None:
    feed = {"state": CameraState.CONNECTING, "last_packet_at": None, "connections": 0}
    told = row(edge(), edge(camera(feed=feed)))
    assert (told.unchanged_share, told.last_picture_age_s, told.reconnects) == (None, None, 0)


def test_the_age_of_the_last_picture_grows_while_no_status_is_written() -> None:
    reading = edge(camera())
    (told,) = camera_rows(reading, reading, NOON + timedelta(seconds=7))
    assert told.last_picture_age_s == 7


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (edge(), edge(camera(inspected=5), after_s=1)),
        (edge(camera(inspected=9)), edge(camera(inspected=5), after_s=1)),
        (edge(camera(inspected=5), process=1), edge(camera(inspected=9), after_s=1, process=2)),
        (edge(camera(inspected=5)), edge(camera(inspected=5))),
    ],
    ids=["new", "set up anew", "another process", "the same reading"],
)
def test_a_rate_that_is_not_known(before: EdgeStatus, after: EdgeStatus) -> None:
    assert row(before, after).inspected_per_minute is None


def test_the_stream_that_fails_is_told_where_a_camera_has_two() -> None:
    broken = {"state": CameraState.RECONNECTING, "problem": "nothing answers"}
    for status in (camera(feed=broken, recording=LIVE), camera(recording=camera(feed=broken).report.status)):
        told = row(edge(), edge(status))
        assert (told.state, told.problem) == (CameraState.RECONNECTING, "nothing answers")


def test_cameras_in_trouble_come_first() -> None:
    broken = camera("b", feed={"state": CameraState.RECONNECTING})
    status = edge(camera("a"), broken, camera("c"), camera("d", trouble={HealthKind.COVERED: NOON}))
    rows = camera_rows(status, status, NOON)
    assert [told.camera for told in rows] == ["b", "d", "a", "c"]
    assert rows[1].trouble == (HealthKind.COVERED,)


def test_readings_reach_back_as_far_as_the_window() -> None:
    readings: list[EdgeStatus] = []
    for second in range(40):
        readings = remember(readings, edge(after_s=second))
        readings = remember(readings, edge(after_s=second))  # the file was not written again
    assert readings[-1].at - readings[0].at == WINDOW
    assert len(readings) == 11


def test_an_edge_that_was_started_again_begins_anew() -> None:
    readings = remember([edge(after_s=1), edge(after_s=2)], edge(after_s=3, process=2))
    assert [reading.process for reading in readings] == [2]


counters = st.integers(min_value=0, max_value=10**9)


def any_camera(counts: tuple[int, int, int]) -> CameraStatus:
    return camera(feed={"packets": counts[0]}, inspected=counts[1], cpu_s=counts[2] / 100)


@given(
    before=st.tuples(counters, counters, counters),
    after=st.tuples(counters, counters, counters),
    seconds=st.floats(min_value=-100, max_value=1e6),
)
def test_no_rate_is_negative(before: tuple[int, int, int], after: tuple[int, int, int], seconds: float) -> None:
    told = row(edge(any_camera(before)), edge(any_camera(after), after_s=seconds))
    for rate in (told.frames_per_second, told.inspected_per_minute, told.cpu_percent):
        assert rate is None or rate >= 0
