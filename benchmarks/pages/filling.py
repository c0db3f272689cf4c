"""Fills a queue with cases that wait, each with pictures and a manifest: some packages, linked under many names."""

import hashlib
import io
import json
import os
import random
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.domain.cases import CaseState, EvidenceItem, Finding
from service.storage.case_store import CaseStore
from service.storage.tables import CaseRow
from tests.service.conftest import draw_scene

PACKAGES = 12
CAMERAS = 200
SIZE = (1920, 1080)
AT_ONCE = 1000


class Filling:
    """Makes findings with evidence in a folder; the pictures are of a camera's size, with its noise."""

    def __init__(self, evidence: Path) -> None:
        self._evidence = evidence
        self._made = [_package(number) for number in range(PACKAGES)]
        self._pool = evidence.parent / "pool"
        for number, files in enumerate(self._made):
            (self._pool / str(number)).mkdir(parents=True)
            for name, content in files.items():
                (self._pool / str(number) / name).write_bytes(content)

    def picture_kb(self) -> int:
        """Return how large a picture is in the mean, in kB."""
        return round(sum(len(files["annotated.jpg"]) for files in self._made) / len(self._made) / 1000)

    def finding(self, number: int, at: datetime) -> Finding:
        """Return a finding whose evidence lies in its folder."""
        files = self._made[number % PACKAGES]
        key = f"{number:08x}-0000-4000-8000-{number:012x}"
        (self._evidence / key).mkdir(parents=True)
        for name in files:
            os.link(self._pool / str(number % PACKAGES) / name, self._evidence / key / name)
        items = tuple(_item(name, files[name]) for name in ("clean.jpg", "annotated.jpg"))
        camera = number * 7 % CAMERAS
        seal = hashlib.sha256(files["manifest.json"]).hexdigest()
        place = (f"site-{camera}", f"{camera}号地块", f"site-{camera}-gate", "大门")
        return Finding(key, "unwashed_truck", *place, at, at, {"wash_seconds": 4.2}, items, key, seal)

    def fill(self, engine: Engine, cases: int) -> None:
        """Put so many cases that wait into an empty database."""
        began = datetime.now(UTC) - timedelta(days=2)
        for first in range(0, cases, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, cases))
            with Session(engine) as session, session.begin():
                session.add_all(_row(self.finding(n, began + timedelta(seconds=10 * n))) for n in numbers)

    def add(self, store: CaseStore, number: int) -> None:
        """Add one more, as an edge does."""
        store.add_or_get(self.finding(number, datetime.now(UTC)))


def _row(finding: Finding) -> CaseRow:
    values = {**vars(finding), "evidence": [asdict(item) for item in finding.evidence]}
    return CaseRow(**values, state=CaseState.FOUND.value)


def _item(name: str, content: bytes) -> EvidenceItem:
    return EvidenceItem(name, name.partition(".")[0], "image/jpeg", len(content), hashlib.sha256(content).hexdigest())


def _package(number: int) -> dict[str, bytes]:
    files = {name: _noisy(number, box=name == "annotated.jpg") for name in ("clean.jpg", "annotated.jpg")}
    at = datetime(2026, 3, 2, 1, tzinfo=UTC).isoformat()
    manifest = {
        "schema_version": 1,
        "key": f"00000000-0000-4000-8000-{number:012x}",
        "rule": "unwashed_truck",
        "place": {"site_id": "s", "site_name": "s", "camera_id": "c", "camera_name": "c"},
        "opened_at": at,
        "local_time": "2026-03-02T09:00:00",
        "timezone": "Asia/Shanghai",
        "track_id": 1,
        "bbox_xyxy": [0.1, 0.1, 0.9, 0.9],
        "zones": {},
        "parameters": {"wash_seconds": 20.0},
        "measures": {"wash_seconds": 4.2},
        "picture_size": list(SIZE),
        "clip": None,
        "model": {"name": "vehicles", "sha256": "0" * 64},
        "software": "dustwatch",
        "files": [asdict(_item(name, content)) for name, content in files.items()],
    }
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def _noisy(number: int, *, box: bool) -> bytes:
    scene = Image.open(io.BytesIO(draw_scene(*SIZE, box=box, hue=number)))
    noise = np.random.default_rng(random.Random(number).randrange(2**31)).normal(0, 6, (SIZE[1], SIZE[0], 1))
    jpeg = io.BytesIO()
    Image.fromarray(np.clip(np.asarray(scene) + noise, 0, 255).astype(np.uint8)).save(jpeg, "JPEG", quality=80)
    return jpeg.getvalue()
