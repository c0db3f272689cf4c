"""The status file: what was written is read again; what is none is told in one line."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.edge.status import STATUS_NAME, NoStatus, StatusUnreadable, read_status, write_status
from streams.feed import CameraState
from streams.health.observation import HealthKind
from tests.service.edge.statuses import LIVE, NOON, camera, edge


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    broken = {"state": CameraState.RECONNECTING, "problem": "拒绝", "last_keyframe_at": None}
    status = edge(
        camera(
            "gate",
            feed={"packets": 7, "clock_drift_s": -0.25},
            figures={"tracks": 3},
            trouble={HealthKind.COVERED: NOON},
        ),
        camera("yard", feed=broken, mode="patrol", recording=LIVE, last_inspected_at=NOON + timedelta(seconds=1)),
        waiting=2,
        delivered=5,
    )
    write_status(tmp_path, status)
    assert read_status(tmp_path) == status


def test_a_folder_without_a_status(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NoStatus, match="dustwatch run"):
            read_status(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"cameras": {"gate": {"mode": "gate"}}}'])
def test_a_file_that_is_no_status(text: str, tmp_path: Path) -> None:
    (tmp_path / STATUS_NAME).write_text(text)
    with pytest.raises(StatusUnreadable):
        read_status(tmp_path)
