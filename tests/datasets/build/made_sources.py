"""Makes small sources on disk, as the renderer, a labeller and CamVid leave them."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.data.pictures import sha256_of
from tests.models.data.made_data_set import save_mask, save_picture, save_text

WIDTH, HEIGHT = 160, 96


def scene_object(
    number: int, kind: str, bbox_xyxy: Sequence[int], share: float = 1.0, muddy: bool | None = None
) -> Any:
    return {
        "id": number,
        "class": kind,
        "make": "dump" if kind == "truck" else kind,
        "muddy": muddy,
        "bbox_xyxy": list(bbox_xyxy),
        "visible_share": share,
    }


def make_scene(folder: Path, seed: int, objects: Sequence[Any] = (), views: int = 2) -> Path:
    """Write one rendered scene: soil on the left half of each view, a stripe of net, the rest other."""
    place = folder / f"{seed:06d}"
    described = []
    for number in range(views):
        save_picture(place / f"v{number}.jpg", seed * 10 + number, WIDTH, HEIGHT)
        mask = np.full((HEIGHT, WIDTH), 3, np.uint8)
        mask[:, : WIDTH // 2] = 0
        mask[40:60, 20:40] = 1
        save_mask(place / f"v{number}.png", mask)
        described.append(
            {
                "name": f"v{number}",
                "picture": f"v{number}.jpg",
                "mask": f"v{number}.png",
                "size": [WIDTH, HEIGHT],
                "objects": list(objects) if number == 0 else [],
                "homography": None,
                "camera": {"distortion": 0.1},
                "conditions": {"light": "noon"},
                "soil_area_m2": 12.5,
                "net_area_m2": 1.0,
                "hoarding_gaps_m": [2.0],
            }
        )
    scene = {"seed": seed, "kind": "yard", "renderer": "made", "views": described}
    save_text(place / "scene.json", json.dumps(scene))
    return place


def make_excavators(folder: Path) -> tuple[Path, Path]:
    """Write hand labels and their pictures; return the folder of pictures and that of labels."""
    pictures, labels = folder / "pictures", folder / "labels"
    rows = [("1.jpg", "pit", "train"), ("2.jpg", "pit", "train"), ("3.jpg", "heap", "test")]
    listed = []
    for number, (name, scene, split) in enumerate(rows):
        path = save_picture(pictures / name, 1000 + number)
        save_text(path.with_suffix(".txt"), "0 0.5 0.5 0.4 0.6\n")
        save_text(labels / "excavators" / f"{path.stem}.txt", "0 0 0.5 1 0.5 1 1 0 1\n" if number else "")
        listed.append({"picture": name, "sha256": sha256_of(path), "scene": scene, "split": split, "sureness": "sure"})
    _write_csv(labels / "excavators" / "index.csv", listed)
    more = save_picture(pictures / "4.jpg", 1004)
    save_text(more.with_suffix(".txt"), "0 0.01 0.5 0.06 0.6\n")
    scenes = [{"picture": "4.jpg", "sha256": sha256_of(more), "scene": "heap"}]
    _write_csv(labels / "excavators" / "scenes.csv", scenes)
    return pictures, labels


def make_camvid(folder: Path) -> Path:
    """Write two street pictures with masks of CamVid's numbers: fence above, unlabelled below."""
    for number in range(2):
        save_picture(folder / f"Seq{number}_f1.jpg", 2000 + number)
        mask = np.full((48, 64), 3, np.uint8)
        mask[:12], mask[-12:] = 7, 11
        save_mask(folder / f"Seq{number}_f1_mask.png", mask)
    return folder


def _write_csv(path: Path, rows: Sequence[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
