"""A recording that comes over RTSP as fast as it was taken is judged as its replay is."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median_low

import pytest

from service.config.schema import Config
from service.demo.views import PATROL, DemoView, rendered_views
from service.edge.cameras import CameraOrder, orders, sampler_for, watch_for
from service.edge.edge_models import EdgeModels
from service.edge.replay import replay_recording
from streams.addresses import VideoSource
from streams.feed import CameraFeed
from streams.packets import PacketRing
from streams.sources import OpenVideo
from tests.conftest import RtspCamera, wait_until
from tests.vision.evidence.packages import recorder
from vision.engine import Engine
from vision.evidence.manifest import MANIFEST_NAME, Manifest
from vision.watched_camera import WatchedCamera

_, YARD, PERIMETER = rendered_views()
CLIP_S = 60.0
TIMES = {"window_s": 5.0, "grace_s": 9.0, "close_after_s": 5.0}
RULES = {"uncovered_soil": TIMES | {"earthworks_factor": 1.0}, "missing_hoarding": TIMES}
"""No multiples of the two seconds between looks: milliseconds, by which live packets come late, must decide nothing.
Nor must it when the excavator is first and last seen, which is why it lengthens no grace time here."""
MEGABYTES = 64 * 1024 * 1024


def _order(view: DemoView) -> tuple[CameraOrder, Config]:
    camera = {"id": view.camera_id, "site": "s", "name": view.name, "url": "rtsp://127.0.0.1:1/x", "zones": view.zones}
    document = {"sites": [{"id": "s", "name": "工地"}], "cameras": [camera | PATROL], "rules": RULES}
    config = Config.model_validate(document)
    return orders(config)[view.camera_id], config


def _replayed(view: DemoView) -> list[tuple[str, float]]:
    result = replay_recording(view.clip, *_order(view))
    return [(violation.rule.value, result.seconds_at(violation.opened_at)) for violation in result.violations]


def _watched_live(views: list[DemoView], play: Callable[..., RtspCamera], folder: Path) -> dict[str, datetime]:
    """Watch each view's clip once, and return when it began."""
    cameras = [_camera(view, play) for view in views]
    networks = EdgeModels(_order(views[0])[1]).networks()
    engine, stop = Engine(networks, recorder(folder), cameras), threading.Event()
    thread = threading.Thread(target=engine.run, args=(stop,))
    thread.start()
    try:
        first = {camera.name: _first_packet_at(camera) for camera in cameras}
        _wait_for(cameras, first, CLIP_S / 2)
        began = {view.camera_id: _began(view, camera) for view, camera in zip(views, cameras, strict=True)}
        _wait_for(cameras, first, CLIP_S - 1)
        return began
    finally:
        stop.set()
        thread.join()


def _wait_for(cameras: list[WatchedCamera], first: dict[str, datetime], seconds: float) -> None:
    """Wait until every camera is judged so far, seconds from its first packet."""
    for camera in cameras:
        moment = first[camera.name] + timedelta(seconds=seconds)
        wait_until(partial(_is_judged_to, camera, moment), 3 * CLIP_S, f"{seconds:g} s of the clip")


def _camera(view: DemoView, play: Callable[..., RtspCamera]) -> WatchedCamera:
    order, _ = _order(view)
    source = VideoSource(play(view.clip).url)
    # All of the clip is remembered, so that its first packet can be asked for.
    feed = CameraFeed(view.camera_id, source, sampler_for(order), ring=PacketRing(3 * CLIP_S, MEGABYTES))
    return WatchedCamera(feed, watch_for(order), mode=order.mode)


def _first_packet_at(camera: WatchedCamera) -> datetime:
    wait_until(lambda: camera.feed.status.packets > 0, 60, f"packets of {camera.name}")
    return camera.feed.cut(datetime(2000, 1, 1, tzinfo=UTC), datetime.now(UTC))[0].captured_at


def _began(view: DemoView, camera: WatchedCamera) -> datetime:
    """Return when the clip began: its packets are dated by their arrival, and the first of them may come late."""
    with OpenVideo(VideoSource(str(view.clip))) as video:
        places = [packet.captured_at for packet in video.packets()]
    packets = camera.feed.cut(datetime(2000, 1, 1, tzinfo=UTC), datetime.now(UTC))
    return median_low(packet.captured_at - (place - places[0]) for packet, place in zip(packets, places, strict=False))


def _is_judged_to(camera: WatchedCamera, moment: datetime) -> bool:
    newest = camera.feed.status.last_packet_at
    return newest is not None and newest >= moment and not camera.feed.has_work()


@pytest.mark.slow
def test_the_violations_of_a_live_camera_are_those_of_its_replay(
    play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    views = [YARD, PERIMETER]
    began = _watched_live(views, play, tmp_path)
    manifests = [Manifest.model_validate_json(path.read_text()) for path in sorted(tmp_path.rglob(MANIFEST_NAME))]
    for view in views:
        live = [
            (manifest.rule.value, (manifest.opened_at - began[view.camera_id]).total_seconds())
            for manifest in manifests
            if manifest.place.camera_id == view.camera_id and manifest.follows is None
        ]
        live = [(rule, at) for rule, at in live if at < CLIP_S]  # the clip is played again and again
        expected = _replayed(view)
        assert expected
        assert [rule for rule, _ in live] == [rule for rule, _ in expected]
        for (_, at), (_, replayed_at) in zip(live, expected, strict=True):
            assert abs(at - replayed_at) <= PATROL["interval_s"]
