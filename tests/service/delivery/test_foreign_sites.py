"""An edge whose token is for another site keeps what the queue refuses, tells so once, and holds up nothing by it."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.clock import utc_now
from service.delivery.foreign_cameras import AGAIN_AFTER_S, ForeignCameras
from service.delivery.health_outbox import HealthOutbox
from service.delivery.health_poster import HealthPoster
from service.delivery.interval_poller import IntervalPoller
from service.delivery.look_back_poller import LookBackPoller
from service.delivery.picture_poster import CameraTold, PicturePoster
from service.delivery.poster import Poster
from service.delivery.sending import Delivery, delivery_of, detail_of
from service.domain.camera_news import CameraKey, CameraNews
from service.storage.database import open_database
from tests.service.camera_samples import news
from tests.service.health_reports import make_report
from tests.vision.evidence.packages import OPENED_AT, PLACE, make_package, read_manifest, seal_again

SCOPES = [MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE, MachineScope.CASES_READ]
Machines = Callable[..., str]


@pytest.fixture
def token(tmp_path: Path, guarded_queue: str) -> Machines:
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/service/cases.db"), utc_now)

    def make(*sites: str) -> str:
        entry = accounts.entry("test", Action.TOKEN_MADE)
        return accounts.tokens.add("-".join(("edge", *sites)), SCOPES, entry, sites=sites)

    return make


def cameras_at(queue: str, token: str, path: str) -> list[str]:
    answer = httpx.get(f"{queue}{path}", headers={"Authorization": f"Bearer {token}"}).json()
    items = answer if isinstance(answer, list) else answer["items"]
    return sorted(item.get("camera_id") or item["camera"]["id"] for item in items)


def test_packages_of_a_foreign_site_stay_and_those_behind_them_go(
    tmp_path: Path,
    video: Path,
    guarded_queue: str,
    token: Machines,
) -> None:
    edge = tmp_path / "edge"
    foreign = [make_package(edge, video, OPENED_AT + timedelta(seconds=number)) for number in range(2)]
    own = make_package(edge, video, OPENED_AT + timedelta(seconds=5))
    place = PLACE.model_copy(update={"site_id": "own", "camera_id": "yard"})
    seal_again(own, Ed25519PrivateKey.generate(), place=place)
    os.utime(own, (time.time() + 60,) * 2)  # the last in turn
    poster = Poster(edge / "ready", guarded_queue, token=token("own"))
    with capture_logs() as logs:
        assert poster.deliver_all()
        assert poster.deliver_all()
    assert (poster.delivered, poster.waiting()) == (1, 2)
    assert all(read_manifest(package) for package in foreign)
    assert not list((edge / "refused").iterdir())
    (told,) = [line for line in logs if line["log_level"] == "error"]
    assert (told["event"], told["camera"]) == ("queue.foreign_site", "gate")
    assert told["problem"].startswith("the token edge-own is not for the site xinghe: correct the site in the edge's")
    assert not [line for line in logs if line["event"].startswith("delivery.f")]

    with_good_token = Poster(edge / "ready", guarded_queue, token=token("xinghe"))
    assert with_good_token.deliver_all()
    assert (with_good_token.delivered, with_good_token.waiting()) == (2, 0)


def test_health_reports_and_news_of_a_foreign_site_stay_and_others_go(
    tmp_path: Path,
    guarded_queue: str,
    token: Machines,
) -> None:
    outbox, foreign = HealthOutbox(tmp_path / "health"), ForeignCameras()
    for site in ("far", "own"):
        outbox.put(make_report(site_id=site, camera_id=f"{site}-gate"))
    keys = [CameraKey(site_id=site, camera_id=f"{site}-gate") for site in ("far", "own")]
    told = {key.camera_id: CameraTold(key, CameraNews.model_validate(news()), None) for key in keys}
    own, everywhere = token("own"), token()
    pictures = PicturePoster(guarded_queue, lambda: told, token=own, foreign=foreign)
    with capture_logs() as logs:
        for _ in range(2):
            assert HealthPoster(outbox, guarded_queue, token=own, foreign=foreign).deliver_all()
            pictures.turn()
    assert [report.camera_id for report in outbox.waiting()] == ["far-gate"]
    assert cameras_at(guarded_queue, everywhere, "/api/v1/cameras") == ["own-gate"]
    assert cameras_at(guarded_queue, everywhere, "/api/v1/health-observations") == ["own-gate"]
    assert [line["event"] for line in logs if line["log_level"] in {"warning", "error"}] == ["queue.foreign_site"]

    assert HealthPoster(outbox, guarded_queue, token=everywhere).deliver_all()
    assert outbox.count() == 0


def test_news_alone_are_told_one_by_one_once_a_camera_is_refused(guarded_queue: str, token: Machines) -> None:
    keys = [CameraKey(site_id=site, camera_id=f"{site}-gate") for site in ("far", "own")]
    told = {key.camera_id: CameraTold(key, CameraNews.model_validate(news()), None) for key in keys}
    with capture_logs() as logs:
        PicturePoster(guarded_queue, lambda: told, token=token("own")).turn()
    assert cameras_at(guarded_queue, token(), "/api/v1/cameras") == ["own-gate"]
    assert [line["camera"] for line in logs] == ["far-gate"]


def test_questions_about_a_foreign_site_alone_are_told_once_with_the_reason(
    tmp_path: Path,
    guarded_queue: str,
    token: Machines,
) -> None:
    handed: list[object] = []
    poller = IntervalPoller(guarded_queue, lambda: ["far"], handed.append, token=token("own"))
    with capture_logs() as logs:
        assert not poller.ask()
        assert not poller.ask()
    (told,) = logs
    assert told["problem"].startswith("the token edge-own is not for the site far")
    assert handed == []
    assert LookBackPoller(guarded_queue, lambda: ["new"], handed.append, token=token("else")).ask()


def test_a_refused_camera_is_held_for_a_while_told_once_and_by_its_site() -> None:
    now = [0.0]
    foreign = ForeignCameras(lambda: now[0])
    answer = httpx.Response(403, json={"type": "urn:dustwatch:problem:foreign-site", "detail": "not yours"})
    assert not foreign.is_held("far", "gate")
    with capture_logs() as logs:
        foreign.refused("far", "gate", answer)
        assert foreign.is_held("far", "gate")
        assert not foreign.is_held("own", "gate")  # the site in the configuration was set right
        now[0] = AGAIN_AFTER_S
        assert not foreign.is_held("far", "gate")
        foreign.refused("far", "gate", answer)
        assert foreign.is_held("far", "gate")
        foreign.taken("far", "gate")
        assert not foreign.is_held("far", "gate")
        foreign.taken("far", "gate")
    assert [line["event"] for line in logs] == ["queue.foreign_site", "queue.own_site"]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("foreign-site", Delivery.FOREIGN),
        ("foreign-camera", Delivery.FOREIGN),
        ("not-allowed", Delivery.RETRY),
    ],
)
def test_only_a_foreign_site_is_another_403(kind: str, outcome: Delivery) -> None:
    answer = httpx.Response(403, json={"type": f"urn:dustwatch:problem:{kind}", "detail": "why"})
    assert delivery_of(answer) is outcome
    assert detail_of(answer) == "why"
    assert detail_of(httpx.Response(403, text="<html>")) == "<html>"
