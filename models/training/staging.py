"""Lays data sets out under the run's own folder, the way ultralytics wants them, without touching the data sets.

ultralytics writes caches beside the labels and mends broken JPEGs in place. Here it finds links in a folder of ours
instead, and files of our own where it would write or where the data set's numbers are not our classes.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from models.classes import class_id, class_names
from models.data.data_set import read_data_set
from models.data.label_files import format_boxes
from models.data.names import ClassNames
from models.data.pictures import read_picture
from models.data.records import Kind, Split
from models.data.sample import NOT_JUDGED, Sample, sample_boxes, sample_mask
from models.errors import NothingToLearn
from models.inference.letterbox import Letterbox
from models.training.blanks import HEIGHT, WIDTH, draw_blank
from models.training.laid_ground import read_ground_textures, with_laid_ground
from models.training.repainted import with_dry_plants, with_other_paint
from models.training.settings import TrainingSettings

TRAIN_LIST = "train.txt"
DATA_FILE = "data.yaml"
LEARNT: tuple[Split, ...] = ("train", "val")
VAL_SHARE = 10
"""In a folder without splits every tenth group is kept for validation."""
_JPEG_END = b"\xff\xd9"

Picture = NDArray[np.uint8]
"""BGR (height, width, 3)."""
Mask = NDArray[np.uint8]
"""Numbers of our classes (height, width)."""
Changed = tuple[Picture, Mask] | None


@dataclass(frozen=True)
class TrainingSample:
    """A sample with a name and a split that are its own among all data sets of the training."""

    name: str
    split: Split
    sample: Sample
    names: ClassNames


@dataclass(frozen=True)
class StagedData:
    """What a training reads: `source` is what ultralytics is given; the counts are pictures by split and kind."""

    source: Path
    counts: dict[Split, dict[Kind, int]]


Change = Callable[[TrainingSample, Picture, Mask, np.random.Generator], Changed]
"""Changes a training picture and its mask; None where there is nothing to change."""


def read_training_samples(folders: Sequence[Path], settings: TrainingSettings) -> list[TrainingSample]:
    """Read the train and val splits of the data sets, which must be whole.

    Raises:
        DataSetProblems: a data set is not whole, or is for another task.
        NothingToLearn: there are no pictures to learn from, or none to validate on.
    """
    found = []
    for number, folder in enumerate(folders):
        data_set = read_data_set(folder, settings.task)
        for sample in data_set.samples():
            split = sample.split or _split_of(sample)
            if split in LEARNT:
                found.append(TrainingSample(f"{number}-{split}-{sample.id}", split, sample, data_set.names))
    for split in LEARNT:
        if not any(each.split == split for each in found):
            raise NothingToLearn(folders=", ".join(map(str, folders)), split=split)
    return found


def samples_sha256(samples: Sequence[TrainingSample]) -> str:
    """Return a digest that changes when something else is to be learned."""
    digest = hashlib.sha256()
    for each in samples:
        files = (each.sample.picture, each.sample.mask, each.sample.labels)
        sizes = [path.stat().st_size for path in files if path is not None]
        digest.update(f"{each.name} {each.sample.kind} {each.sample.class_id} {sizes}\n".encode())
    return digest.hexdigest()


def stage(samples: Sequence[TrainingSample], settings: TrainingSettings, folder: Path) -> StagedData:
    """Write the samples into `folder`, which is emptied first, and return what ultralytics is to read."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    counts = {split: dict(Counter(each.sample.kind for each in samples if each.split == split)) for split in LEARNT}
    if settings.task == "mud":
        _stage_crops(samples, settings, folder)
        return StagedData(folder, counts)
    train_list = []
    for each in samples:
        name = f"{each.name}{each.sample.picture.suffix.lower()}"
        _place_picture(each.sample.picture, folder / "images" / each.split / name)
        if settings.task == "surfaces":
            _place_mask(each, folder / "masks" / each.split / f"{each.name}.png")
        else:
            _place_boxes(each, folder / "labels" / each.split / f"{each.name}.txt")
        if each.split == "train":
            train_list += [f"./images/train/{name}"] * _times(each, settings)
    if settings.task == "surfaces":
        blanks = _place_blanks(round(len(train_list) * settings.blank_share), folder)
        train_list += _place_variants(samples, settings, folder) + blanks
    (folder / TRAIN_LIST).write_text("\n".join(train_list) + "\n", encoding="utf-8")
    _write_description(settings, folder)
    return StagedData(folder / DATA_FILE, counts)


def _split_of(sample: Sample) -> Split:
    digest = hashlib.sha256((sample.group or sample.id).encode()).digest()
    return "val" if digest[0] % VAL_SHARE == 0 else "train"


def _times(each: TrainingSample, settings: TrainingSettings) -> int:
    return settings.kind_weights.get(each.sample.kind, 1) if each.split == "train" else 1


def _write_description(settings: TrainingSettings, folder: Path) -> None:
    described = {
        "path": str(folder.resolve()),
        "train": TRAIN_LIST,
        "val": "images/val",
        "names": class_names(settings.task),
    }
    if settings.task == "surfaces":
        described["masks_dir"] = "masks"
    with (folder / DATA_FILE).open("w", encoding="utf-8") as file:
        YAML().dump(described, file)


def _place_picture(source: Path, link: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix.lower() in {".jpg", ".jpeg"} and not _has_its_end(source):
        shutil.copyfile(source, link)  # ultralytics will mend this one
    else:
        link.symlink_to(source.resolve())


def _has_its_end(jpeg: Path) -> bool:
    with jpeg.open("rb") as file:
        file.seek(max(jpeg.stat().st_size - len(_JPEG_END), 0))
        return file.read() == _JPEG_END


def _place_mask(each: TrainingSample, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if each.sample.mask is not None and _numbers_are_ours(each.names):
        path.symlink_to(each.sample.mask.resolve())
        return
    mask = sample_mask(each.sample, each.names).copy()
    mask[(mask >= len(each.names.ours)) & (mask != NOT_JUDGED)] = class_id("surfaces", "other")
    cv2.imwrite(str(path), mask)


def _place_blanks(count: int, folder: Path) -> list[str]:
    """Write so many blank pictures, and return how the list of training pictures names them."""
    mask = np.full((HEIGHT, WIDTH), class_id("surfaces", "other"), np.uint8)
    names = [f"blank-{number:04d}" for number in range(count)]
    for number, name in enumerate(names):
        cv2.imwrite(str(folder / "images" / "train" / f"{name}.png"), draw_blank(number))
        cv2.imwrite(str(folder / "masks" / "train" / f"{name}.png"), mask)
    return [f"./images/train/{name}.png" for name in names]


def _place_variants(samples: Sequence[TrainingSample], settings: TrainingSettings, folder: Path) -> list[str]:
    """Write training pictures in other paints and with other ground, and return how the training list names them."""
    listed = _place_changed("repainted", _repaint, samples, settings.repaint_share, folder)
    if settings.ground_textures is not None:
        textures = read_ground_textures(settings.ground_textures)

        def lay_ground(each: TrainingSample, picture: Picture, mask: Mask, random: np.random.Generator) -> Changed:
            return with_laid_ground(picture, mask, textures, random)

        listed += _place_changed("ground", lay_ground, samples, settings.ground_share, folder)
    return listed


def _repaint(each: TrainingSample, picture: Picture, mask: Mask, random: np.random.Generator) -> Changed:
    paint = with_other_paint if each.sample.kind == "rendered" else with_dry_plants
    painted = paint(picture, mask, random)
    return None if painted is None else (painted, mask)


def _place_changed(
    name: str, change: Change, samples: Sequence[TrainingSample], share: float, folder: Path
) -> list[str]:
    """Write so many of the training pictures once more, as far as `change` changes them."""
    listed = []
    for number, each in enumerate(one for one in samples if one.split == "train"):
        random = np.random.default_rng((number, *name.encode()))
        if random.random() >= share:
            continue
        picture = np.ascontiguousarray(read_picture(each.sample.picture)[:, :, ::-1])
        mask = cv2.imread(str(folder / "masks" / "train" / f"{each.name}.png"), cv2.IMREAD_UNCHANGED)
        changed = change(each, picture, np.asarray(mask, np.uint8), random)
        if changed is not None:
            for kind, pixels in zip(("images", "masks"), changed, strict=True):
                cv2.imwrite(str(folder / kind / "train" / f"{name}-{each.name}.png"), pixels)
            listed.append(f"./images/train/{name}-{each.name}.png")
    return listed


def _place_boxes(each: TrainingSample, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    boxes = [box for box in sample_boxes(each.sample, each.names) if box.class_id in each.names.ours]
    path.write_text(format_boxes(boxes), encoding="utf-8")


def _numbers_are_ours(names: ClassNames) -> bool:
    return not names.foreign and all(number == our_id for number, our_id in names.id_of.items())


def _stage_crops(samples: Sequence[TrainingSample], settings: TrainingSettings, folder: Path) -> None:
    names = class_names(settings.task)
    for split in LEARNT:
        for name in names.values():
            (folder / split / name).mkdir(parents=True)
    for each in samples:
        if each.sample.class_id not in names:  # a foreign class
            continue
        place = folder / each.split / names[each.sample.class_id]
        picture = read_picture(each.sample.picture)
        letterbox = Letterbox.fit(picture.shape[0], picture.shape[1], settings.imgsz, settings.imgsz)
        crop = letterbox.apply(np.ascontiguousarray(picture[:, :, ::-1]))  # as the mud model will see it at a site
        for number in range(_times(each, settings)):
            cv2.imwrite(str(place / f"{each.name}-{number}.png"), crop)
