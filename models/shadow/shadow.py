"""A shadow run: every picture goes through both models, and the ones they differ on most are kept for people to see."""

import heapq
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.cards import VerifiedModel
from models.shadow.compare import Difference, OneSidedBox, start_comparison

SUMMARY_NAME, LIST_NAME = "shadow.json", "differences.jsonl"
DIFFERS_AT = 0.01
"""A picture counts as different from this amount on."""
_PRODUCTION_BGR, _CANDIDATE_BGR, _DIFFERS_BGR = (255, 128, 0), (0, 0, 255), (0, 0, 255)


class ShadowSummary(BaseModel):
    """What a shadow run found over all pictures; shares are means over them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    production_sha256: str
    candidate_sha256: str
    pictures: int
    different: int
    """Pictures on which the models differ by one percent or more."""
    mean_amount: float
    by_class: dict[str, float]
    only_production: int
    """Boxes that only the model in production found."""
    only_candidate: int


@dataclass(frozen=True, order=True)
class _Kept:
    amount: float
    number: int
    name: str
    picture: bytes


class Shadow:
    """Runs a candidate beside the model in production and remembers the `keep` pictures that they differ on most."""

    def __init__(self, production: VerifiedModel, candidate: VerifiedModel, *, keep: int = 20) -> None:
        """Start both models. Raises ModelError."""
        self._comparison = start_comparison(production, candidate)
        self._sha256 = (production.card.sha256, candidate.card.sha256)
        self._keep = keep
        self._kept: list[_Kept] = []
        self._seen: list[tuple[str, Difference]] = []

    def look(self, name: str, image: NDArray[np.uint8]) -> Difference:
        """Run both on the BGR picture (height, width, 3); `name` is what the report calls it."""
        difference = self._comparison.compare(image)
        number = len(self._seen)
        pixels_dropped = Difference(
            difference.amount, difference.by_class, difference.only_production, difference.only_candidate
        )
        self._seen.append((name, pixels_dropped))
        if difference.amount > 0 and self._keep:
            encoded = cv2.imencode(".jpg", draw(image, difference))[1].tobytes()
            heapq.heappush(self._kept, _Kept(difference.amount, -number, name, encoded))
            if len(self._kept) > self._keep:
                heapq.heappop(self._kept)
        return difference

    def summary(self) -> ShadowSummary:
        """Sum up what was seen."""
        totals: dict[str, float] = defaultdict(float)
        for _, difference in self._seen:
            for name, value in difference.by_class.items():
                totals[name] += value
        pictures = len(self._seen)
        return ShadowSummary(
            production_sha256=self._sha256[0],
            candidate_sha256=self._sha256[1],
            pictures=pictures,
            different=sum(difference.amount >= DIFFERS_AT for _, difference in self._seen),
            mean_amount=sum(difference.amount for _, difference in self._seen) / max(pictures, 1),
            by_class={name: total / pictures for name, total in sorted(totals.items())},
            only_production=sum(len(difference.only_production) for _, difference in self._seen),
            only_candidate=sum(len(difference.only_candidate) for _, difference in self._seen),
        )

    def write(self, folder: Path) -> None:
        """Write the summary, a line a picture, and the kept pictures, the most different first. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SUMMARY_NAME).write_text(self.summary().model_dump_json(indent=2) + "\n", encoding="utf-8")
        with (folder / LIST_NAME).open("w", encoding="utf-8") as lines:
            for name, difference in self._seen:
                told = {key: value for key, value in asdict(difference).items() if key != "differs"}
                lines.write(json.dumps({"picture": name, **told}, ensure_ascii=False) + "\n")
        for place, kept in enumerate(sorted(self._kept, reverse=True), start=1):
            (folder / f"{place:03d}-{Path(kept.name).stem[:80]}.jpg").write_bytes(kept.picture)


def draw(image: NDArray[np.uint8], difference: Difference) -> NDArray[np.uint8]:
    """Return the picture with what differs in red: pixels, and the candidate's boxes; production's boxes are blue."""
    drawn = image.copy()
    if difference.differs is not None:
        drawn[difference.differs] = (drawn[difference.differs] * 0.5 + np.array(_DIFFERS_BGR) * 0.5).astype(np.uint8)
    for boxes, colour in (
        (difference.only_production, _PRODUCTION_BGR),
        (difference.only_candidate, _CANDIDATE_BGR),
    ):
        for box in boxes:
            _draw_box(drawn, box, colour)
    return drawn


def _draw_box(image: NDArray[np.uint8], box: OneSidedBox, colour: tuple[int, int, int]) -> None:
    left, top, right, bottom = (round(side) for side in box.bbox_xyxy)
    cv2.rectangle(image, (left, top), (right, bottom), colour, 2)
    label = f"{box.class_name} {box.score:.2f}"
    cv2.putText(image, label, (left + 3, max(top - 4, 12)), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1)
