"""The office's intervals on the edge: in force for patrols, never slower than the file, kept over a new start."""

import pytest

from service.config.schema import Config
from service.edge.cameras import orders
from service.edge.intervals import INTERVALS_NAME, Intervals
from tests.service.camera_samples import YARD

GATE = {"exit_line": {"points": [[0.1, 0.5], [0.9, 0.5]], "outward": [0.5, 0.9]}}


def config(**camera):
    each = {"id": "c", "site": "s", "name": "c", "url": "rtsp://h/p", "zones": {"yard": YARD}, **camera}
    return Config.model_validate({"sites": [{"id": "s", "name": "s"}], "cameras": [each]})


def paced(told, **camera):
    def of(folder):
        intervals = Intervals(folder)
        intervals.take(told)
        return intervals.applied(config(**camera)).cameras[0]

    return of


@pytest.mark.parametrize(
    ("own_s", "told", "seconds"),
    [
        (None, {}, 10),
        (None, {"s": 60}, 60),
        (None, {"s": 1}, 1),
        (5, {"s": 60}, 5),
        (5, {"s": 2.5}, 2.5),
        (5, {"elsewhere": 1}, 5),
    ],
)
def test_a_patrol_looks_as_often_as_asked_and_no_less_often_than_its_file_says(tmp_path, own_s, told, seconds):
    assert paced(told, interval_s=own_s)(tmp_path).patrol_interval_s == seconds


def test_a_gate_has_no_interval_and_is_left_alone(tmp_path):
    before = orders(config(zones=GATE))
    intervals = Intervals(tmp_path)
    intervals.take({"s": 1})
    assert orders(intervals.applied(config(zones=GATE))) == before


def test_a_longer_interval_leaves_no_gap_in_watching(tmp_path):
    assert paced({"s": 60})(tmp_path).longest_gap_s == 180


def test_what_was_told_stays_in_force_after_a_new_start(tmp_path):
    assert Intervals(tmp_path).take({"s": 1})
    again = Intervals(tmp_path)
    assert again.applied(config()).cameras[0].interval_s == 1
    assert not again.take({"s": 1})


def test_a_damaged_file_counts_as_none(tmp_path):
    (tmp_path / INTERVALS_NAME).write_text("{")
    assert Intervals(tmp_path).applied(config()) == config()
