"""Gathers the evidence of a violation on disk: at once what can't be had again, and the rest when it is there."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import structlog
from numpy.typing import NDArray

from streams.packets import Packet
from vision import tracing
from vision.best_view import TruckPicture
from vision.evidence.annotate import annotate
from vision.evidence.before import BeforePicture
from vision.evidence.chain import Chains
from vision.evidence.clip_file import store_clip
from vision.evidence.clock_state import read_clock_state
from vision.evidence.drafting import Drafter
from vision.evidence.durable import move_folder, sync_folder, write_durably
from vision.evidence.errors import SealingError
from vision.evidence.keyring import Keyring
from vision.evidence.manifest import Before, ClipSpan, ClockState, Follows, Manifest, ModelUsed, Plate
from vision.evidence.scene import Scene
from vision.evidence.sealing import (
    ANNOTATED_NAME,
    BEFORE_NAME,
    BEST_VIEW_NAME,
    CLEAN_NAME,
    CLIP_NAME,
    DRAFT_NAME,
    Sealer,
)
from vision.geometry import BboxXyxy
from vision.plates.background import PlatesInBackground
from vision.violations import RuleName, Violation

log = structlog.get_logger(__name__)

JPEG_QUALITY = 92
KEYS_FOLDER, CHAIN_FOLDER = "keys", "chain"
STAGED_FOLDER, READY_FOLDER = "staged", "ready"
TRUCK_MARGIN = 0.05
"""Share of the truck's box around it that is searched for its plate too."""
PATIENCE = timedelta(seconds=10)
"""How long after the clip's end its packets are waited for, before the clip is closed with what has come."""

ANOTHER_VIEW = timedelta(seconds=0.1)
"""So much earlier the truck was seen best for that to be another view: one picture must not confirm itself."""

CutPackets = Callable[[str, datetime, datetime], Sequence[Packet]]
"""Gives a camera's remembered packets between two times (UTC)."""


@dataclass(frozen=True)
class ClipLength:
    """Seconds of the clip before and after the event."""

    before_s: float = 10.0
    after_s: float = 5.0


class EvidenceRecorder:
    """Keeps `root/staged`, packages that still wait for the end of their clip, and `root/ready`, whole packages.

    Both hold one folder a violation, named by its key, and folders appear in them whole. A process that is killed
    leaves staged packages behind; `recover` closes them with what they have, so that no violation is lost. Packages are
    signed with the key in `root/keys` and join their camera's chain, whose head is in `root/chain`, as they are sealed.
    """

    def __init__(
        self,
        root: Path,
        *,
        clip: ClipLength,
        timezone: str,
        models: Mapping[RuleName, Sequence[ModelUsed]],
        software: Mapping[str, str],
        clock: Callable[[], ClockState] = read_clock_state,
        plates: PlatesInBackground | None = None,
    ) -> None:
        """`models` and `software` are what a `Drafter` tells. Without `plates` no number plate is read."""
        self._staged = root / STAGED_FOLDER
        self._ready = root / READY_FOLDER
        self._clip = clip
        self._plates = plates
        self._drafter = Drafter(models, software, ZoneInfo(timezone), plates is not None, clock)
        self._waiting: dict[str, Manifest] = {}
        for folder in (self._staged, self._ready):
            folder.mkdir(parents=True, exist_ok=True)
        keyring = Keyring(root / KEYS_FOLDER)
        keyring.make_first()
        self._sealer = Sealer(self._staged, Chains(root / CHAIN_FOLDER, keyring), keyring)

    @property
    def ready_folder(self) -> Path:
        """Where whole packages appear."""
        return self._ready

    def begin(
        self,
        violation: Violation,
        scene: Scene,
        image: NDArray[np.uint8],
        cut: CutPackets,
        *,
        best_view: TruckPicture | None = None,
        before: BeforePicture | None = None,
        follows: Follows | None = None,
    ) -> None:
        """Store the pictures (BGR) and the seconds before the event. Raises OSError when the disk is full.

        `best_view` is the truck alone as it was seen best, where that is known; `before` shows what it was like before.
        What `follows` an earlier violation is a later picture of it, and has no clip.
        """
        key = violation.key if follows is None else follows.package_key
        if (self._staged / key).exists() or (self._ready / key).exists():
            return
        building = self._staged / f".{key}"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        try:
            _write_jpeg(building / CLEAN_NAME, image)
            _write_jpeg(building / ANNOTATED_NAME, annotate(image, scene.marks, scene.caption))
            if best_view is not None:
                _write_jpeg(building / BEST_VIEW_NAME, best_view.image)
            if before is not None:
                write_durably(building / BEFORE_NAME, before.jpeg)
            has_clip = follows is None and not scene.privacy
            span = self._store_seconds_before(building, violation, cut) if has_clip else None
            draft = self._drafter.draft(violation, scene, (image.shape[1], image.shape[0]), span)
            earlier = Before(captured_at=before.captured_at) if before else None
            draft = draft.model_copy(update={"key": key, "before": earlier, "follows": follows})
            write_durably(building / DRAFT_NAME, draft.model_dump_json().encode())
            move_folder(building, self._staged / key)
        except OSError:
            shutil.rmtree(building, ignore_errors=True)
            raise
        self._waiting[key] = draft
        if self._plates is not None and draft.plate is not None:
            pictures = [truck_in(image, violation.bbox_xyxy)]
            if best_view is not None and best_view.captured_at <= violation.opened_at - ANOTHER_VIEW:
                pictures.append(best_view.image)
            self._plates.begin(key, pictures)

    def finish_due(
        self,
        now: datetime,
        newest_packet_at: Callable[[str], datetime | None],
        cut: CutPackets,
        behind: Callable[[str], timedelta] = lambda _: timedelta(0),
    ) -> list[Path]:
        """Close the packages whose clip is complete, or has been waited for too long; return their folders.

        `behind` tells by how much less than `now` a camera's clock shows.
        """
        finished = []
        for key, draft in list(self._waiting.items()):
            ends_at = draft.opened_at + timedelta(seconds=self._clip.after_s)
            newest = newest_packet_at(draft.place.camera_id)
            complete = newest is not None and newest >= ends_at
            is_late = now - ends_at >= PATIENCE + behind(draft.place.camera_id)
            if complete or is_late or draft.follows is not None:
                try:
                    with tracing.span("sealing", key, camera_id=draft.place.camera_id):
                        finished.append(self._finish(draft, cut, complete))
                except SealingError as error:  # one camera's chain must not hold up the others
                    log.warning("evidence.not_sealed", key=key, problem=str(error))
                    continue
                del self._waiting[key]
        return finished

    def recover(self) -> list[Path]:
        """Close what an earlier process left staged, with the clip as far as it goes; return the folders."""
        recovered = []
        for folder in sorted(self._staged.iterdir()):
            if folder.name.startswith("."):
                shutil.rmtree(folder)
            elif folder.name not in self._waiting:
                (folder / f".{CLIP_NAME}").unlink(missing_ok=True)
                if self._seal_left(folder):
                    recovered.append(self._hand_over(folder))
                    log.info("evidence.recovered", key=folder.name)
        return recovered

    def _seal_left(self, folder: Path) -> bool:
        path = folder / DRAFT_NAME
        if not path.exists():
            return True
        draft = Manifest.model_validate_json(path.read_bytes())
        try:
            self._sealer.seal(draft)
        except SealingError as error:
            log.warning("evidence.not_sealed", key=draft.key, problem=str(error))
            self._waiting[draft.key] = draft
            return False
        return True

    def _store_seconds_before(self, building: Path, violation: Violation, cut: CutPackets) -> ClipSpan | None:
        start = violation.opened_at - timedelta(seconds=self._clip.before_s)
        packets = cut(violation.camera_id, start, violation.opened_at)
        return store_clip(building, packets, complete=False)

    def _finish(self, draft: Manifest, cut: CutPackets, complete: bool) -> Path:
        folder = self._staged / draft.key
        if not self._sealer.is_sealed(draft):  # it is where only the handing over failed before
            draft = self._waiting[draft.key] = self._with_plate(draft)
            self._sealer.seal(self._with_whole_clip(folder, draft, cut, complete))
        return self._hand_over(folder)

    def _with_plate(self, draft: Manifest) -> Manifest:
        reading = self._plates.take(draft.key) if self._plates is not None else None
        if reading is None:
            return draft
        plate = Plate(
            text=reading.text,
            confidence=round(reading.confidence, 3),
            views=reading.views,
            valid=reading.is_valid_format,
        )
        return draft.model_copy(update={"plate": plate})

    def _with_whole_clip(self, folder: Path, draft: Manifest, cut: CutPackets, complete: bool) -> Manifest:
        if draft.follows is not None or draft.clip_withheld is not None:
            return draft
        start = draft.opened_at - timedelta(seconds=self._clip.before_s)
        end = draft.opened_at + timedelta(seconds=self._clip.after_s)
        packets = cut(draft.place.camera_id, start, end)
        # After a reconnect the memory no longer holds the event itself; the clip stored at once then stays.
        if packets and packets[0].captured_at <= draft.opened_at <= packets[-1].captured_at:
            span = store_clip(folder, packets, complete=complete)
            draft = draft.model_copy(update={"clip": span or draft.clip})
            write_durably(folder / DRAFT_NAME, draft.model_dump_json().encode())
        return draft

    def _hand_over(self, folder: Path) -> Path:
        destination = self._ready / folder.name
        if folder.exists():  # it is gone where only waiting for the disk failed before
            move_folder(folder, destination)
        sync_folder(self._staged)
        return destination


def truck_in(image: NDArray[np.uint8], bbox_xyxy: BboxXyxy) -> NDArray[np.uint8]:
    """Return a copy of the part of a BGR picture that shows the truck of a relative box, with a little around it."""
    height, width = image.shape[:2]
    left, top, right, bottom = bbox_xyxy
    across, down = TRUCK_MARGIN * (right - left), TRUCK_MARGIN * (bottom - top)
    rows = slice(max(0, round((top - down) * height)), max(0, round((bottom + down) * height)))
    columns = slice(max(0, round((left - across) * width)), max(0, round((right + across) * width)))
    return image[rows, columns].copy()


def _write_jpeg(path: Path, image: NDArray[np.uint8]) -> None:
    encoded, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not encoded:
        raise OSError(f"{path.name} could not be encoded")
    write_durably(path, data.tobytes())
