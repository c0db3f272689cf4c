"""A layout that was saved at the queue changes what a running edge judges, and the queue is shown what it sees."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import RtspCamera, wait_until
from tests.service.camera_samples import YARD, layout
from tests.service.edge.running_edge import RunningEdge

pytestmark = [pytest.mark.slow]

EXIT = {"points": [[0.1, 0.5], [0.9, 0.5]], "outward": [0.5, 0.9]}


def test_a_saved_layout_is_judged_by_and_one_that_does_not_fit_is_told_back(
    video: Path, play: Callable[..., RtspCamera], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    address = serve(tmp_path / "service")
    camera = f"{address}/api/v1/cameras/yard/heap"

    def told() -> dict:
        return next(iter(httpx.get(f"{address}/api/v1/cameras").json()), {"news": {}})

    edge = RunningEdge(tmp_path)
    heap = {"url": play(video).url, "interval_s": 1, "max_age_s": 2, "mode": "patrol"}
    edge.write({"heap": heap}, queue=address, picture_every_s=1)
    with edge.running():
        wait_until(lambda: httpx.get(f"{camera}/picture").status_code == 200, 120, "a picture at the queue")
        assert told()["news"]["watches"] == []

        httpx.post(f"{camera}/layouts", json={"layout": layout(yard=YARD), "by": "王工"}).raise_for_status()
        wait_until(lambda: told()["news"]["layout_version"] == 1, 60, "the layout in force")
        assert told()["news"]["watches"] == ["uncovered_soil"]
        wait_until(lambda: edge.cameras()["heap"]["figures"].get("soil_violations") is not None, 60, "soil is judged")

        httpx.post(f"{camera}/layouts", json={"layout": layout(exit_line=EXIT)}).raise_for_status()
        wait_until(lambda: told()["news"]["refused"] is not None, 60, "the refusal")
        assert told()["news"]["refused"]["version"] == 2
        assert (told()["news"]["layout_version"], told()["news"]["watches"]) == (1, ["uncovered_soil"])
