"""A case queue on disk with reviewed cases, filled the way that edges and inspectors fill it."""

import hashlib
import io
import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from service.api.intake import Intake
from service.api.upload import Upload
from service.cli.queue_folder import DATABASE_NAME, EVIDENCE_FOLDER
from service.domain.cases import Decision
from service.domain.corrections import Correction
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.evidence_folder import EvidenceFolder
from vision.evidence.seal import seal_of

START = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
REVIEWER = "王工"


class MadeQueue:
    """The queue of a service's data folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.store = CaseStore(open_database(f"sqlite:///{folder / DATABASE_NAME}"))
        self.evidence = EvidenceFolder(folder / EVIDENCE_FOLDER)
        self._intake = Intake(self.store, self.evidence)
        self._made = 0

    def decided(
        self,
        image: NDArray[np.uint8],
        claims: Sequence[dict[str, Any]],
        decision: Decision | None,
        *,
        rule: str = "uncovered_soil",
        correction: Correction | None = None,
    ) -> str:
        """Hand in a violation on the BGR picture, decide it, and return its key; one minute after the one before."""
        self._made += 1
        at = START + timedelta(minutes=self._made)
        content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        manifest = _manifest(image, content, claims, rule, at)
        text = json.dumps(manifest).encode()
        upload = Upload(manifest=text, seal=seal_of(text), files={"clean.jpg": io.BytesIO(content)})
        case, _ = self._intake.accept(manifest["key"], upload)
        if decision is not None:
            decided_at = at + timedelta(hours=1)
            self.store.decide(case.id, decision, at=decided_at, reviewer=REVIEWER, reason="看过", correction=correction)
        return case.key

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def outline_claims(mask: NDArray[np.bool_], class_name: str) -> list[dict[str, Any]]:
    """Return claims with the outlines of what the mask (height, width) marks, but for specks."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    size = np.array([mask.shape[1], mask.shape[0]])
    large = [outline[:, 0] for outline in outlines if cv2.contourArea(outline) >= 0.01 * mask.size]
    return [
        {"class_name": class_name, "points": ((cv2.approxPolyDP(outline, 1, True)[:, 0] + 0.5) / size).tolist()}
        for outline in large
    ]


def _manifest(
    image: NDArray[np.uint8], content: bytes, claims: Sequence[dict[str, Any]], rule: str, at: datetime
) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "key": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{at}{hashlib.sha256(content).hexdigest()}")),
        "rule": rule,
        "place": {"site_id": "s", "site_name": "一号地", "camera_id": "yard", "camera_name": "堆场"},
        "opened_at": at.isoformat(),
        "local_time": at.replace(tzinfo=None).isoformat(),
        "timezone": "UTC",
        "track_id": 0,
        "bbox_xyxy": [0.1, 0.1, 0.9, 0.9],
        "claims": list(claims),
        "zones": {},
        "parameters": {},
        "measures": {},
        "picture_size": [image.shape[1], image.shape[0]],
        "clip": None,
        "model": {"name": "surfaces", "sha256": "0" * 64},
        "software": "test",
        "files": [
            {
                "name": "clean.jpg",
                "role": "clean",
                "media_type": "image/jpeg",
                "size_bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        ],
    }
