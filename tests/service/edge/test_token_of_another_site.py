"""A running edge whose token is for another site says so in one line and goes on; with the right one all is taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.clock import utc_now
from service.storage.camera_store import CameraStore
from service.storage.database import open_database
from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge

pytestmark = [pytest.mark.slow]


def test_an_edge_tells_that_its_token_is_for_another_site(
    video: Path,
    play: Callable[..., RtspCamera],
    guarded_queue: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/service/cases.db")
    accounts, cameras = Accounts(engine, utc_now), CameraStore(engine)
    scopes = [MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE]
    tokens = {
        site: accounts.tokens.add(site, scopes, accounts.entry("test", Action.TOKEN_MADE), sites=[site])
        for site in ("elsewhere", "yard")
    }
    edge = RunningEdge(tmp_path)
    heap = {"url": play(video).url, "interval_s": 1, "mode": "patrol"}
    edge.write({"heap": heap}, queue=guarded_queue, queue_token="${DUSTWATCH_QUEUE_TOKEN}")

    monkeypatch.setenv("DUSTWATCH_QUEUE_TOKEN", tokens["elsewhere"])
    with edge.running():
        wait_until(lambda: "queue.foreign_site" in edge.log, 120, "the refusal in the edge's log")
        wait_until(lambda: edge.inspected("heap") > 1, 60, "it goes on watching")
    assert edge.log.count("queue.foreign_site") == 1
    assert "the token elsewhere is not for the site yard" in edge.log
    assert cameras.all() == ()

    monkeypatch.setenv("DUSTWATCH_QUEUE_TOKEN", tokens["yard"])
    with edge.running():
        wait_until(lambda: len(cameras.all()) == 1, 120, "the camera at the queue")
    assert "queue.foreign_site" not in edge.log
    engine.dispose()
