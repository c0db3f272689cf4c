"""Lays a data set out under the run's own folder, the way ultralytics wants it, without touching the data set itself.

ultralytics writes caches beside the labels and mends broken JPEGs in place. Here it finds links in a folder of ours
instead, and a copy where it would write.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from models.errors import DataSetUnusable
from models.training.settings import TrainingSettings, TrainingTask

TRAIN_LIST = "train.txt"
DATA_FILE = "data.yaml"
PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
_JPEG_END = b"\xff\xd9"
_TARGETS = {"surfaces": ("masks", ".png"), "vehicles": ("labels", ".txt")}


@dataclass(frozen=True)
class StagedSample:
    """One picture with what is to be learned from it: a mask (surfaces), a label file (vehicles) or a class (mud)."""

    id: str
    split: str
    kind: str
    picture: Path
    target: Path | str


@dataclass(frozen=True)
class StagedData:
    """What a training reads: `source` is what ultralytics is given; the counts are pictures by split and kind."""

    source: Path
    counts: dict[str, dict[str, int]]


def read_samples(data: Path, task: TrainingTask) -> tuple[list[StagedSample], dict[int, str]]:
    """Read the train and val splits of a data set in our format, and its class names.

    Raises:
        DataSetUnusable: it has no data.yaml with names, no pictures in one of the splits, or a picture without target.
    """
    described = _read_description(data)
    names = {int(number): str(name) for number, name in described["names"].items()}
    kinds = _read_kinds(data)
    samples = [
        StagedSample(picture.stem, split, kinds.get(picture.stem, "unknown"), picture, _target(data, task, picture))
        for split in ("train", "val")
        for picture in sorted((data / "images" / split).rglob("*"))
        if picture.suffix.lower() in PICTURE_SUFFIXES
    ]
    for split in ("train", "val"):
        if not any(sample.split == split for sample in samples):
            raise DataSetUnusable(folder=data, detail=f"there are no pictures in images/{split}")
    return samples, names


def stage(
    samples: Sequence[StagedSample], names: dict[int, str], settings: TrainingSettings, folder: Path
) -> StagedData:
    """Write links to the samples into `folder`, which is emptied first, and return what ultralytics is to read."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    counts = {split: dict(Counter(s.kind for s in samples if s.split == split)) for split in ("train", "val")}
    if settings.task == "mud":
        _stage_classes(samples, names, settings, folder)
        return StagedData(folder, counts)
    target_folder, target_suffix = _TARGETS[settings.task]
    for sample in samples:
        _place(sample.picture, folder / "images" / sample.split / f"{sample.id}{sample.picture.suffix.lower()}")
        _place(Path(sample.target), folder / target_folder / sample.split / f"{sample.id}{target_suffix}")
    lines = [
        f"./images/train/{sample.id}{sample.picture.suffix.lower()}"
        for sample in samples
        if sample.split == "train"
        for _ in range(settings.kind_weights.get(sample.kind, 1))
    ]
    (folder / TRAIN_LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    described = {"path": str(folder.resolve()), "train": TRAIN_LIST, "val": "images/val", "names": names}
    if settings.task == "surfaces":
        described["masks_dir"] = target_folder
    with (folder / DATA_FILE).open("w", encoding="utf-8") as file:
        YAML().dump(described, file)
    return StagedData(folder / DATA_FILE, counts)


def _stage_classes(
    samples: Iterable[StagedSample], names: dict[int, str], settings: TrainingSettings, folder: Path
) -> None:
    for split in ("train", "val"):
        for name in names.values():
            (folder / split / name).mkdir(parents=True)
    for sample in samples:
        repeats = settings.kind_weights.get(sample.kind, 1) if sample.split == "train" else 1
        for number in range(repeats):
            name = f"{sample.id}-{number}{sample.picture.suffix.lower()}"
            _place(sample.picture, folder / sample.split / str(sample.target) / name)


def _place(source: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix.lower() in {".jpg", ".jpeg"} and not _has_its_end(source):
        shutil.copyfile(source, link)  # ultralytics will mend this one
    else:
        link.symlink_to(source.resolve())


def _has_its_end(jpeg: Path) -> bool:
    with jpeg.open("rb") as file:
        file.seek(max(jpeg.stat().st_size - len(_JPEG_END), 0))
        return file.read() == _JPEG_END


def _target(data: Path, task: TrainingTask, picture: Path) -> Path | str:
    if task == "mud":
        return picture.parent.name
    folder, suffix = _TARGETS[task]
    target = data / folder / picture.relative_to(data / "images").with_suffix(suffix)
    if not target.is_file():
        raise DataSetUnusable(folder=data, detail=f"{picture.name} has no {target.relative_to(data)}")
    return target


def _read_description(data: Path) -> dict[str, dict[int, str]]:
    try:
        described = YAML(typ="safe").load((data / DATA_FILE).read_text(encoding="utf-8"))
        described["names"].items()
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataSetUnusable(folder=data, detail=f"{DATA_FILE} with the names of the classes is missing") from error
    return dict(described)


def _read_kinds(data: Path) -> dict[str, str]:
    listed = data / "samples.jsonl"
    if not listed.is_file():
        return {}
    samples = (json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines() if line.strip())
    return {sample["id"]: sample["kind"] for sample in samples}
