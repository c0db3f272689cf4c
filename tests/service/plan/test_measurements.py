"""The reader's own measurements take the place of the shipped ones; what is none is refused in one clear line."""

import json

import pytest

from service.errors import BadPlanFigures
from service.plan.measurements import read_measurements


def camera(mode, cores):
    return {"camera": mode, "mode": mode, "cores": cores, "bits_per_s": 4e6, "looks": 3}


CAPACITY = {
    "measured": {
        "seconds": 60,
        "cores": 0.6,
        "base_bytes": 300_000_000,
        "cameras": [camera("gate", 0.2), camera("patrol", 0.04), camera("patrol", 0.06)],
    },
    "estimate": {"bytes_per_camera": 30_000_000.0, "more": 4},
}


def read(tmp_path, told):
    path = tmp_path / "mine.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return read_measurements(path)


def test_of_a_capacity_measurement_what_all_cameras_share_is_shared_out(tmp_path):
    assert read(tmp_path, CAPACITY) == pytest.approx(
        {
            "gate_cores": 0.4,
            "patrol_cores": 0.1,
            "camera_mbit": 4.0,
            "camera_memory_mb": 30.0,
            "process_memory_mb": 300.0,
        }
    )


def test_without_a_gate_nothing_is_told_of_gates(tmp_path):
    measured = {**CAPACITY["measured"], "cameras": [camera("patrol", 0.3)]}
    assert "gate_cores" not in read(tmp_path, {**CAPACITY, "measured": measured})


def test_of_a_citys_simulation_the_costs_of_requests_are_taken(tmp_path):
    kinds = {"news": {"service_ms": 3.5, "wal_kb": 0.2, "p95_ms": 40, "table_bytes": {"camera_news": 12}}}
    assert read(tmp_path, {"kinds": kinds, "mixes": {}}) == {"news_service_ms": 3.5, "news_wal_kb": 0.2}


def test_plain_names_and_numbers_are_taken_as_they_are(tmp_path):
    assert read(tmp_path, {"gate_cores": 0.1}) == {"gate_cores": 0.1}


@pytest.mark.parametrize(
    "told",
    ["", "[]", "{", '{"gate_cores": "much"}', '{"gate_cores": NaN}', '{"estimate": {}, "measured": {"cameras": []}}'],
)
def test_what_is_no_measurement_is_refused(tmp_path, told):
    with pytest.raises(BadPlanFigures, match="mine"):
        read(tmp_path, told)
