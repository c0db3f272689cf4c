"""A camera looks back by itself: from the site's report and the closed case to the picture and the step it leads to."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn

from datasets.stories import yard_story
from models.inference.detector import Detector
from models.inference.surfaces import SurfaceSegmenter
from models.registry.registry import load_model
from service.api.app import create_app
from service.config.schema import Config
from service.delivery.look_back_poller import LookBackPoller, Orders
from service.delivery.poster import Poster
from service.edge.cameras import orders, watch_for
from service.evidence_check import Reference, check_evidence
from streams.addresses import VideoSource
from streams.frames import BgrImage, Frame, decode_all
from streams.full_rate import FrameSampler
from streams.sources import OpenVideo
from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge
from tests.vision.evidence.packages import recorder
from vision.evidence.verify import find_packages
from vision.networks import Networks
from vision.surface_samples import MACHINE_CLASSES
from vision.watch import Seen

pytestmark = pytest.mark.slow

BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
TIMES = {"window_s": 2.0, "grace_s": 4.0, "close_after_s": 3.0, "earthworks_factor": 1.0}
ZONES = {"yard": [list(point) for point in yard_story().zone]}
TO_REPORT = ("confirm", "assign", "accept", "report")
Pictures = Sequence[tuple[Seen, BgrImage]]


@dataclass
class Clock:
    """A time that only moves when it is told to."""

    now: datetime = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def networks() -> Iterator[Networks]:
    networks = Networks(
        surfaces=SurfaceSegmenter(load_model("surfaces"), threads=1),
        machines=Detector(load_model("vehicles"), MACHINE_CLASSES, score_threshold=None, threads=1),
    )
    yield networks
    networks.close()


@pytest.fixture(scope="module")
def story(networks: Networks) -> dict[str, Pictures]:
    """The yard, a picture a second as the networks see it: covered, laid bare, and through a lens that is blocked."""
    with OpenVideo(VideoSource(str(yard_story().clip)), started_at=BEGAN) as video:
        sampler = FrameSampler(1.0)
        frames = [frame for frame in decode_all(video.packets()) if sampler.wants(frame.captured_at)]

    def seen(chosen: Sequence[Frame]) -> Pictures:
        needs = watch_for(orders(_config())["heap"]).needs
        return [(networks.see([frame], [needs])[0], frame.image) for frame in chosen]

    shares = yard_story().soil_share
    covered = [frame for frame, share in zip(frames, shares, strict=False) if share == 0][:12]
    bare = [frame for frame, share in zip(frames, shares, strict=False) if share == max(shares)][:12]
    blocked = [replace(frame, image=np.zeros_like(frame.image)) for frame in covered]
    return {"covered": seen(covered), "bare": seen(bare), "blocked": seen(blocked)}


def _config() -> Config:
    camera = {"id": "heap", "site": "yard", "name": "堆场", "url": "rtsp://127.0.0.1:1/x", "zones": ZONES}
    document = {"sites": [{"id": "yard", "name": "工地"}], "cameras": [camera], "rules": {"uncovered_soil": TIMES}}
    return Config.model_validate(document)


class Edge:
    """One camera's watch with the real recorder, poster and poller, shown pictures in a time of its own."""

    def __init__(self, folder: Path, queue: str) -> None:
        self._watch = watch_for(orders(_config())["heap"])
        self._recorder = recorder(folder)
        self._poster = Poster(self._recorder.ready_folder, queue)
        self._poller = LookBackPoller(queue, lambda: ["heap"], self._take)
        self._asked: Orders = {}

    def _take(self, asked: Orders) -> None:
        self._asked = asked

    def look(self, pictures: Pictures, at: datetime) -> None:
        """Ask what to look back at, look at the pictures, a second apart, and deliver what comes of them."""
        assert self._poller.ask()
        for second, (seen, image) in enumerate(pictures):
            self._watch.look_back(self._asked.get("heap", ()), sees_clearly=True)
            for finding in self._watch.see(replace(seen, captured_at=at + timedelta(seconds=second))):
                self._recorder.begin(finding.violation, finding.scene, image, lambda *_: [], follows=finding.follows)
        self._recorder.finish_due(datetime.max.replace(tzinfo=UTC), lambda _: None, lambda *_: [])
        assert self._poster.deliver_all()
        assert self._poster.waiting() == 0

    def close(self) -> None:
        self._poster._client.close()
        self._poller._client.close()


@dataclass(frozen=True)
class Service:
    """The service at a real socket, with its clock."""

    url: str
    clock: Clock

    def case(self) -> dict[str, Any]:
        """Return the case that was found first; the rule finds soil that is laid bare again too, as a new one."""
        return dict(httpx.get(f"{self.url}/api/cases").json()["items"][-1])

    def take(self, *steps: str) -> dict[str, Any]:
        case = self.case()
        for step in steps:
            answer = httpx.post(
                f"{self.url}/api/v1/cases/{case['id']}/steps", json={"step": step, "party": "某建设集团"}
            )
            assert answer.status_code == 200, answer.text
        return self.case()

    def last_step(self) -> tuple[str, str, str]:
        last = httpx.get(f"{self.url}/api/v1/cases/{self.case()['id']}/history").json()["steps"][-1]
        return last["step"], last["role"], last["by"]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    clock = Clock()
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, is_open=True, clock=clock)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, 60, "the service")
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Service(f"http://127.0.0.1:{port}", clock)
    server.should_exit = True
    thread.join()


@pytest.fixture
def edge(tmp_path: Path, service: Service) -> Iterator[Edge]:
    edge = Edge(tmp_path / "edge", service.url)
    yield edge
    edge.close()


@pytest.mark.parametrize(
    ("after_closing", "outcome", "state", "step"),
    [
        ("covered", "passed", "passed", "pass"),
        ("bare", "still_violated", "reopened", "reopen"),
        ("blocked", "not_visible", "closed", "note"),
    ],
)
def test_a_case_is_looked_back_at_after_the_report_and_after_closing(
    story: dict[str, Pictures],
    service: Service,
    edge: Edge,
    tmp_path: Path,
    after_closing: str,
    outcome: str,
    state: str,
    step: str,
) -> None:
    edge.look(story["bare"], BEGAN)
    case = service.take(*TO_REPORT)
    assert case["later"] == []

    edge.look(story["covered"], BEGAN + timedelta(minutes=5))
    (first,) = [later for later in service.case()["later"] if later["stage"] == "look_back"]
    assert first["outcome"] == "passed"
    assert service.case()["state"] == "rectifying"
    assert service.last_step() == ("note", "machine", "heap")

    due_at = datetime.fromisoformat(service.take("verify", "close")["due_at"])
    edge.look(story["covered"], due_at)
    assert service.case()["state"] == "closed"  # nothing is asked for before it is due
    service.clock.now = due_at
    if after_closing == "blocked":
        edge.look(story["blocked"], due_at + timedelta(hours=1))
        assert service.case()["state"] == "closed"
    edge.look(story[after_closing], due_at + (DAY if after_closing == "blocked" else timedelta(0)))

    case = service.case()
    _, second = [later for later in case["later"] if later["stage"] == "look_back"]
    assert (second["outcome"], case["state"]) == (outcome, state)
    assert service.last_step() == (step, "machine", "heap")
    assert [httpx.get(service.url + item["url"]).status_code for item in second["evidence"]] == [200, 200]
    edge.look(story["covered"], due_at + 2 * DAY)
    assert service.last_step() == (step, "machine", "heap")
    packages = find_packages(tmp_path / "evidence")
    assert check_evidence(packages, Reference(), as_chains=True).faults == []


def test_a_running_edge_looks_back_on_its_own(
    play: Callable[..., RtspCamera], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    queue, edge = serve(tmp_path / "queue"), RunningEdge(tmp_path)
    camera = {"url": play(yard_story().clip).url, "interval_s": 1, "max_age_s": 2, "zones": ZONES}
    edge.write({"heap": camera}, rules={"uncovered_soil": TIMES}, queue=queue)

    def answered() -> list[str]:
        items = httpx.get(f"{queue}/api/cases").json()["items"]
        return [later["outcome"] for case in items for later in case["later"] if later["stage"] == "look_back"]

    with edge.running():
        wait_until(lambda: bool(httpx.get(f"{queue}/api/cases").json()["items"]), 220, "a case")
        case = httpx.get(f"{queue}/api/cases").json()["items"][-1]
        for step in TO_REPORT:
            body = {"step": step, "party": "某建设集团"}
            assert httpx.post(f"{queue}/api/v1/cases/{case['id']}/steps", json=body).status_code == 200
        wait_until(lambda: bool(answered()), 300, "the answer")  # the edge asks once a minute
    assert answered()[0] in {"passed", "still_violated"}  # whichever the clip shows when the edge has asked
