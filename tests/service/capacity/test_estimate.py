"""How many more cameras: never fewer on a larger machine, never more when there is less room, never a false promise."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.capacity.estimate import Bound, CameraCost, Machine, Measured, Note, estimate

GIB = 1024**3
IDLE = Machine(cores=4.0, memory_bytes=16 * GIB, others_cores=0.0, others_bytes=GIB)
YARD = CameraCost("yard", "patrol", 0.1, 0.06, 2e6, GIB // 100, looks=30, dropped=0, inspected_share=0.5, lag_s=0.2)
GATE = replace(YARD, camera="gate", mode="gate", inspected_share=0.8)
TWO = Measured(60.0, IDLE, cores=0.2, base_bytes=GIB, own_bytes=GIB + GIB // 8, cameras=(YARD, YARD))


def test_a_machine_of_four_cores_is_filled_to_its_margin() -> None:
    told = estimate(TWO)
    assert (told.more, told.bound) == (26, Bound.CPU)  # 0.7 of 4 cores, less 0.2, at 0.1 each
    assert told.notes == (Note.FAR_EXTRAPOLATION,)


def test_memory_may_be_what_bounds_it() -> None:
    told = estimate(replace(TWO, machine=replace(IDLE, memory_bytes=3 * GIB)))
    assert (told.more, told.bound) == (4, Bound.MEMORY)  # 0.8 of 3 GiB, less 2.125, at a sixteenth each


def test_where_the_time_goes() -> None:
    told = estimate(replace(TWO, cores=0.4))
    assert told.networks_share == pytest.approx(0.3)
    assert told.reading_and_decoding_share == pytest.approx(0.2)


def test_no_camera_no_answer() -> None:
    told = estimate(replace(TWO, cameras=(), offline=("yard",)))
    assert (told.more, told.more_all_moving, told.bound) == (None, None, None)
    assert set(told.notes) == {Note.NO_CAMERA, Note.OFFLINE}


def test_a_machine_that_is_full_carries_none_more() -> None:
    told = estimate(replace(TWO, machine=replace(IDLE, others_cores=2.7)))
    assert told.more == 0
    assert {Note.OTHERS_BUSY, Note.OVER_MARGIN} <= set(told.notes)


def test_looks_that_were_left_out_are_paid_for() -> None:
    late = replace(YARD, looks=30, dropped=30, lag_s=9.0)
    told = estimate(replace(TWO, cameras=(late, late)))
    assert told.cores_per_camera == pytest.approx(0.2)
    assert {Note.LEFT_OUT, Note.LATE} <= set(told.notes)


def test_gates_in_motion_cost_what_was_measured_at_full_rate() -> None:
    told = estimate(replace(TWO, cameras=(YARD, GATE), full_rate_cores=0.5))
    assert told.cores_per_camera_all_moving == pytest.approx((0.2 + 0.4) / 2)
    assert (told.more, told.more_all_moving) == (26, 7)


def test_gates_in_motion_are_not_guessed() -> None:
    told = estimate(replace(TWO, cameras=(YARD, replace(GATE, inspected_share=0.1))))
    assert told.more_all_moving is None
    assert {Note.FULL_RATE_UNKNOWN, Note.GATES_IDLE} <= set(told.notes)


def test_memory_that_is_not_yet_full_is_told() -> None:
    assert Note.MEMORY_GROWING in estimate(replace(TWO, memory_seconds=90)).notes


shares = st.floats(min_value=0, max_value=1)
machines = st.builds(
    Machine,
    cores=st.floats(min_value=0.1, max_value=256),
    memory_bytes=st.integers(GIB, 1024 * GIB),
    others_cores=st.floats(min_value=0, max_value=256),
    others_bytes=st.integers(0, 1024 * GIB),
)
costs = st.builds(
    CameraCost,
    camera=st.just("camera"),
    mode=st.sampled_from(["gate", "patrol"]),
    cores=st.floats(min_value=0, max_value=4),
    networks_cores=shares,
    bits_per_s=st.floats(min_value=0, max_value=1e8),
    ring_bytes=st.integers(0, GIB),
    looks=st.integers(0, 1000),
    dropped=st.integers(0, 1000),
    inspected_share=shares,
    lag_s=st.floats(min_value=0, max_value=100),
)
measurements = st.builds(
    Measured,
    seconds=st.floats(min_value=5, max_value=3600),
    machine=machines,
    cores=st.floats(min_value=0, max_value=64),
    base_bytes=st.integers(0, GIB),
    own_bytes=st.integers(0, 64 * GIB),
    cameras=st.lists(costs, max_size=5).map(tuple),
    full_rate_cores=st.none() | st.floats(min_value=0, max_value=8),
)


@given(measurements)
def test_no_figure_is_negative_and_no_share_above_one(measured: Measured) -> None:
    told = estimate(measured)
    figures = [told.more, told.more_all_moving, told.cores_per_camera, told.cores_per_camera_all_moving]
    assert all(figure is None or figure >= 0 for figure in [*figures, told.bytes_per_camera])
    assert 0 <= told.networks_share <= 1
    assert 0 <= told.reading_and_decoding_share <= 1


@given(measurements, st.floats(min_value=0, max_value=64), st.integers(0, 64 * GIB))
def test_a_larger_machine_never_carries_fewer(measured: Measured, cores: float, memory: int) -> None:
    machine = measured.machine
    larger = replace(machine, cores=machine.cores + cores, memory_bytes=machine.memory_bytes + memory)
    before, after = estimate(measured), estimate(replace(measured, machine=larger))
    assume(before.more is not None and after.more is not None)
    assert after.more >= before.more


@given(measurements, st.floats(min_value=0, max_value=64))
def test_a_busier_machine_never_carries_more(measured: Measured, others: float) -> None:
    machine = replace(measured.machine, others_cores=measured.machine.others_cores + others)
    before, after = estimate(measured), estimate(replace(measured, machine=machine))
    assume(before.more is not None and after.more is not None)
    assert after.more <= before.more


@given(measurements)
def test_gates_in_motion_never_leave_room_for_more(measured: Measured) -> None:
    told = estimate(measured)
    assume(told.more is not None and told.more_all_moving is not None)
    assert told.more_all_moving <= told.more


@given(
    measurements,
    st.floats(min_value=1, max_value=256),
    st.floats(min_value=0.001, max_value=2),
    st.lists(costs, min_size=1, max_size=5).map(tuple),
)
def test_the_cameras_promised_fit_under_the_margin(
    measured: Measured, cores: float, own: float, cameras: tuple[CameraCost, ...]
) -> None:
    machine = replace(measured.machine, cores=cores)
    measured = replace(measured, machine=machine, cores=own, cameras=cameras)
    told = estimate(measured)
    used = told.cores_per_camera * (len(cameras) + (told.more or 0)) + machine.others_cores
    assert told.more == 0 or used <= 0.7 * cores * (1 + 1e-6)
