"""An edge shows its token to the queue, and keeps its evidence while it has none that is good."""

from datetime import timedelta
from pathlib import Path

import httpx

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.clock import utc_now
from service.delivery.health_outbox import HealthOutbox
from service.delivery.health_poster import HealthPoster
from service.delivery.look_back_poller import LookBackPoller, Orders
from service.delivery.poster import Poster
from service.storage.database import open_database
from tests.service.health_reports import make_report
from tests.vision.evidence.packages import OPENED_AT, make_package


def test_evidence_waits_for_a_good_token_and_then_goes(tmp_path: Path, video: Path, guarded_queue: str) -> None:
    queue = guarded_queue
    make_package(tmp_path / "edge", video, OPENED_AT + timedelta(seconds=1))
    outbox = HealthOutbox(tmp_path / "health")
    outbox.put(make_report())
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/service/cases.db"), utc_now)
    entry = accounts.entry("test", Action.TOKEN_MADE)
    reader = accounts.tokens.add("reader", [MachineScope.CASES_READ], entry)
    edge = accounts.tokens.add("edge", [MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE], entry)

    handed: list[Orders] = []
    for token in ("", "dw_wrong", reader):
        assert not Poster(tmp_path / "edge" / "ready", queue, token=token).deliver_all()
        assert not HealthPoster(outbox, queue, token=token).deliver_all()
        assert not LookBackPoller(queue, lambda: ["gate"], handed.append, token=token).ask()
    assert list((tmp_path / "edge" / "refused").iterdir()) == []
    poster = Poster(tmp_path / "edge" / "ready", queue, token=edge)
    assert poster.deliver_all()
    assert HealthPoster(outbox, queue, token=edge).deliver_all()
    assert LookBackPoller(queue, lambda: ["gate"], handed.append, token=edge).ask()
    assert handed == [{}]
    assert (poster.waiting(), outbox.count()) == (0, 0)

    headers = {"Authorization": f"Bearer {reader}"}
    assert len(httpx.get(f"{queue}/api/cases", headers=headers).json()["items"]) == 1
    assert len(httpx.get(f"{queue}/api/v1/health-observations", headers=headers).json()["items"]) == 1
    assert httpx.get(f"{queue}/api/cases", headers={"Authorization": f"Bearer {edge}"}).status_code == 403
