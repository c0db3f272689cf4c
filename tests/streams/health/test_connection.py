"""What a connection's figures say of a camera's health."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from streams.feed import CameraState, FeedStatus
from streams.health.observation import HealthKind, HealthObservation
from streams.health.parameters import HealthParameters
from streams.health.watch import HealthWatch

BEGIN = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
HOUR_S = 3600
STEP_S = 10


def _live(second: int) -> FeedStatus:
    at = BEGIN + timedelta(seconds=second)
    return FeedStatus(
        CameraState.LIVE,
        connections=1,
        received_bytes=250_000 * second,
        last_packet_at=at,
        last_keyframe_at=at - timedelta(seconds=second % 4),
    )


def _watch(status_at: Callable[[int], FeedStatus], seconds: int) -> list[HealthObservation]:
    watch = HealthWatch("gate", HealthParameters())
    for second in range(0, seconds, STEP_S):
        watch.see_connection(status_at(second), BEGIN + timedelta(seconds=second))
    return watch.take_changes()


def test_a_live_camera_ails_of_nothing() -> None:
    assert _watch(_live, 3 * HOUR_S) == []


def test_a_camera_that_falls_silent_is_offline_until_it_is_back() -> None:
    def status(second: int) -> FeedStatus:
        if 600 <= second < 900:
            return replace(_live(600), state=CameraState.RECONNECTING)
        return replace(_live(second), connections=1 if second < 600 else 2)

    begun, ended = _watch(status, 1200)
    assert begun.kind is ended.kind is HealthKind.OFFLINE
    assert begun.figures["silent_s"] > 60
    assert begun.key == ended.key
    assert ended.ended_at == BEGIN + timedelta(seconds=900)


def test_a_camera_that_never_answered_is_offline() -> None:
    (begun,) = _watch(lambda second: FeedStatus(CameraState.RECONNECTING, problem="refused"), 120)
    assert begun.kind is HealthKind.OFFLINE


def test_a_short_silence_is_no_fault() -> None:
    assert _watch(lambda second: _live(600) if 600 <= second < 650 else _live(second), 1200) == []


def test_a_feed_that_was_stopped_is_not_judged() -> None:
    assert _watch(lambda second: replace(_live(0), state=CameraState.STOPPED), 1200) == []


def test_packets_without_keyframes_are_told_from_silence() -> None:
    never = replace(_live(0), state=CameraState.CONNECTING, last_keyframe_at=None)
    changes = _watch(lambda second: replace(never, last_packet_at=_live(second).last_packet_at), 300)
    assert [change.kind for change in changes] == [HealthKind.NO_KEYFRAME]


@pytest.mark.parametrize("ppm", [500, -500])
def test_a_drifting_clock_is_noticed_either_way(ppm: int) -> None:
    (begun,) = _watch(lambda second: replace(_live(second), clock_drift_s=ppm * second / 1e6), 2 * HOUR_S)
    assert begun.kind is HealthKind.CLOCK_DRIFT
    assert begun.figures["drift_ppm"] == pytest.approx(ppm, rel=0.05)


def test_the_jitter_of_a_network_is_no_drift() -> None:
    assert _watch(lambda second: replace(_live(second), clock_drift_s=0.2 * (second % 70) / 70), 3 * HOUR_S) == []


def test_a_camera_that_begins_to_count_anew_has_not_drifted() -> None:
    def status(second: int) -> FeedStatus:
        return replace(_live(second), connections=1 + second // 600, clock_drift_s=0.4 if second % 1200 < 600 else -0.4)

    assert _watch(status, 3 * HOUR_S) == []


def test_a_bit_rate_that_collapses_is_noticed_against_the_cameras_own() -> None:
    def received(second: int) -> int:
        return 250_000 * min(second, HOUR_S) + 10_000 * max(0, second - HOUR_S)

    (begun,) = _watch(lambda second: replace(_live(second), received_bytes=received(second)), HOUR_S + 1200)
    assert begun.kind is HealthKind.BIT_RATE_COLLAPSE
    assert begun.figures["kbit_per_s"] == pytest.approx(80)
    assert begun.figures["usual_kbit_per_s"] == pytest.approx(2000)


def test_a_quiet_night_at_a_third_of_the_bit_rate_is_no_collapse() -> None:
    def received(second: int) -> int:
        return 250_000 * min(second, HOUR_S) + 83_000 * max(0, second - HOUR_S)

    assert _watch(lambda second: replace(_live(second), received_bytes=received(second)), 3 * HOUR_S) == []
