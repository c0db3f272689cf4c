"""Makes evidence packages for tests, by the recorder itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from streams.addresses import VideoSource
from streams.packets import Packet
from streams.sources import OpenVideo
from vision.evidence.annotate import box_mark
from vision.evidence.manifest import ClockState, Manifest, ModelUsed, Place
from vision.evidence.recorder import ClipLength, EvidenceRecorder
from vision.evidence.scene import Scene
from vision.evidence.signature import sign
from vision.plates.background import PlatesInBackground
from vision.violations import RuleName, Violation

OPENED_AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PLACE = Place(site_id="xinghe", site_name="星河湾二期", camera_id="gate", camera_name="东门出口")


VEHICLES = ModelUsed(name="test", sha256="0" * 64, version="3")
SOFTWARE = {"dustwatch": "test", "onnxruntime": "1.23.0"}
CLOCK = ClockState(synchronised=True, estimated_error_s=0.002, most_error_s=0.01, offset_s=0.0)


def recorder(
    root: Path, models: Mapping[RuleName, Sequence[ModelUsed]] | None = None, plates: PlatesInBackground | None = None
) -> EvidenceRecorder:
    """Return a recorder whose clips last from 1 s before to 1 s after the event."""
    return EvidenceRecorder(
        root,
        clip=ClipLength(before_s=1.0, after_s=1.0),
        timezone="Asia/Shanghai",
        models={rule: [VEHICLES] for rule in RuleName} | dict(models or {}),
        software=SOFTWARE,
        clock=lambda: CLOCK,
        plates=plates,
    )


def violation(opened_at: datetime = OPENED_AT, track_id: int = 7) -> Violation:
    """Return a violation of the camera `gate`."""
    return Violation(
        rule=RuleName.UNWASHED_TRUCK,
        camera_id="gate",
        opened_at=opened_at,
        track_id=track_id,
        bbox_xyxy=(0.2, 0.3, 0.5, 0.8),
        measures={"wash_seconds": 3.5},
    )


def scene() -> Scene:
    """Return what is told beside it."""
    return Scene(
        place=PLACE,
        zones={"exit_line": [(0.0, 0.5), (1.0, 0.5)]},
        parameters={"wash_seconds": 20.0},
        marks=[box_mark((0.2, 0.3, 0.5, 0.8), "#7")],
        caption=["车辆未冲洗 Unwashed truck", "2026-03-01 16:00:00 +0800"],
    )


def picture() -> "np.typing.NDArray[np.uint8]":
    """Return a BGR picture of 320x240."""
    rows = np.linspace(30, 220, 240, dtype=np.uint8)
    return np.repeat(np.repeat(rows[:, None, None], 320, axis=1), 3, axis=2)


class Memory:
    """Stands where a camera's packet ring stands: the packets of a video, the event in its middle."""

    def __init__(self, video: Path) -> None:
        with OpenVideo(VideoSource(str(video)), started_at=OPENED_AT - timedelta(seconds=2)) as opened:
            self.packets = list(opened.packets())
        self.reaches_to: datetime = self.packets[-1].captured_at

    def cut(self, camera_id: str, start: datetime, end: datetime) -> Sequence[Packet]:
        """Return the packets of the groups of pictures from before `start` up to `end`."""
        assert camera_id == "gate"
        keyframes = [
            packet.captured_at for packet in self.packets if packet.is_keyframe and packet.captured_at <= start
        ]
        first = keyframes[-1] if keyframes else self.packets[0].captured_at
        last = min(end, self.reaches_to)
        return [packet for packet in self.packets if first <= packet.captured_at <= last]

    def newest(self, camera_id: str) -> datetime:
        """Return how far the memory reaches."""
        assert camera_id == "gate"
        return self.reaches_to


def make_package(root: Path, video: Path, opened_at: datetime = OPENED_AT) -> Path:
    """Write one whole package below `root` and return its folder."""
    memory = Memory(video)
    making = recorder(root)
    making.begin(violation(opened_at), scene(), picture(), memory.cut)
    (package,) = making.finish_due(opened_at + timedelta(seconds=30), memory.newest, memory.cut)
    return package


def make_chain(root: Path, count: int, first: int = 0) -> list[Path]:
    """Write packages of pictures alone below `root`, one sealed after the other; return their folders in that order."""
    making = recorder(root)
    made = []
    for number in range(first, first + count):
        opened_at = OPENED_AT + timedelta(minutes=number)
        making.begin(violation(opened_at, track_id=number), scene(), picture(), lambda *_: [])
        made += making.finish_due(opened_at + timedelta(minutes=1), lambda _: None, lambda *_: [])
    return made


def read_manifest(package: Path) -> Manifest:
    """Return the package's manifest."""
    return Manifest.model_validate_json((package / "manifest.json").read_bytes())


def seal_again(package: Path, key: Ed25519PrivateKey, **changes: object) -> None:
    """Forge: write the manifest with some fields changed, and sign it with this key."""
    content = read_manifest(package).model_copy(update=changes).model_dump_json(indent=2).encode()
    (package / "manifest.json").write_bytes(content)
    (package / "manifest.signature.json").write_bytes(sign(content, key, []).file_bytes)
