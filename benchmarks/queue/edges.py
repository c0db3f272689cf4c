"""Edges that hand in violations as fast as they can, some twice: posts a second, and what was lost or doubled."""

import hashlib
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.camera_figures import percentile
from service.storage.tables import CaseRow
from vision.evidence.seal import seal_of

EDGES = 4
TWICE_EVERY = 10
"""Of so many packages one is handed in a second time, as after an answer that got lost."""
FILES = {"clean.jpg": 150_000, "annotated.jpg": 160_000, "clip.mp4": 900_000}
"""Bytes of each file of a package."""
_MEDIA = {"jpg": "image/jpeg", "mp4": "video/mp4"}
_BEGINS = {"jpg": b"\xff\xd8\xff\xe0", "mp4": b"\0\0\0\x18ftypisom"}
"""What the queue knows the kinds of file by; the rest of a file is noise."""
TAKEN = frozenset({200, 201})


@dataclass(frozen=True)
class PostFigures:
    """What came of the packages; milliseconds from sending one to its answer."""

    packages: int
    posts: int
    posts_a_second: float
    post_p95_ms: float
    failed: int
    lost: int
    doubled: int


def post(address: str, engine: Engine, seconds: float) -> PostFigures:
    """Hand packages in from several edges at once for a while, and look into the database after."""
    contents = {name: _BEGINS[name[-3:]] + random.Random(name).randbytes(size) for name, size in FILES.items()}
    took: list[float] = []
    answers: list[tuple[str, int]] = []
    lock = threading.Lock()
    began = time.perf_counter()

    def work(edge: int) -> None:
        number = 0
        with httpx.Client(base_url=address, timeout=60) as client:
            while time.perf_counter() - began < seconds:
                number += 1
                key, form = _package(edge, contents)
                for _ in range(2 if number % TWICE_EVERY == 0 else 1):
                    sent = time.perf_counter()
                    status = client.post("/api/violations", files=form, headers={"Idempotency-Key": key}).status_code
                    with lock:
                        took.append((time.perf_counter() - sent) * 1000)
                        answers.append((key, status))

    threads = [threading.Thread(target=work, args=(edge,)) for edge in range(EDGES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    taken = {key for key, status in answers if status in TAKEN}
    kept = _cases_of(engine, {key for key, _ in answers})
    return PostFigures(
        packages=len({key for key, _ in answers}),
        posts=len(answers),
        posts_a_second=round(len(answers) / elapsed, 1),
        post_p95_ms=round(percentile(took, 0.95) or 0, 1),
        failed=sum(status not in TAKEN for _, status in answers),
        lost=len(taken - kept.keys()),
        doubled=sum(count - 1 for count in kept.values()),
    )


def manifest_of(key: str, edge: int, contents: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest of a violation at the edge's site, with these files, found now."""
    at = datetime.now(UTC)
    return {
        "schema_version": 1,
        "key": key,
        "rule": "unwashed_truck",
        "place": {
            "site_id": f"site-{edge}",
            "site_name": f"{edge}号地块",
            "camera_id": f"site-{edge}-0",
            "camera_name": "大门",
        },
        "opened_at": at.isoformat(),
        "local_time": at.replace(tzinfo=None).isoformat(),
        "timezone": "UTC",
        "track_id": 1,
        "bbox_xyxy": [0.1, 0.1, 0.9, 0.9],
        "zones": {},
        "parameters": {"wash_seconds": 20.0},
        "measures": {"wash_seconds": 4.2},
        "picture_size": [1280, 720],
        "clip": {"starts_at": at.isoformat(), "ends_at": at.isoformat(), "complete": True},
        "model": {"name": "vehicles", "sha256": "0" * 64},
        "software": "dustwatch",
        "files": [
            {
                "name": name,
                "role": name.partition(".")[0],
                "media_type": _MEDIA[name.rpartition(".")[2]],
                "size_bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in contents.items()
        ],
    }


def _package(edge: int, contents: dict[str, bytes]) -> tuple[str, list[tuple[str, tuple[str, bytes, str]]]]:
    key = str(uuid.uuid4())
    text = json.dumps(manifest_of(key, edge, contents)).encode()
    form = [("manifest", ("manifest.json", text, "application/json"))]
    form.append(("seal", ("manifest.sha256", seal_of(text), "text/plain")))
    return key, form + [("files", (name, content, "application/octet-stream")) for name, content in contents.items()]


def _cases_of(engine: Engine, keys: set[str]) -> Counter[str]:
    query = select(CaseRow.key, func.count()).where(CaseRow.key.in_(keys)).group_by(CaseRow.key)
    with Session(engine) as session:
        return Counter({row[0]: row[1] for row in session.execute(query)})
