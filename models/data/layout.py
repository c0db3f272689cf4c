"""The folders of a data set: finds the pictures, split or flat, and the labels and masks beside them."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from models.classes import Task
from models.data.names import ClassNames, plain_name
from models.data.pictures import SUFFIXES
from models.data.problems import Problem, ProblemKind
from models.data.records import SPLITS, Split

IMAGES = "images"
LABELS = "labels"
NOT_LABELS = frozenset({"classes.txt"})
"""Files that labelling tools put among the labels."""


@dataclass(frozen=True)
class FoundPicture:
    """A picture, the split that its folder says (None in a flat folder), and what lies beside it."""

    id: str
    split: Split | None
    picture: Path
    labels: Path | None = None
    mask: Path | None = None
    class_id: int | None = None
    """Of a whole picture (task mud), from the folder's name."""


def find_pictures(folder: Path, names: ClassNames, masks_dir: str) -> tuple[list[FoundPicture], list[Problem]]:
    """Find a data set's pictures in order of split and name, and what is wrong with its folders."""
    found, problems = [], []
    for split in (*SPLITS, None):
        part = _pictures_of(folder, split, names)
        problems += part.problems
        problems += _same_names(folder, part.pictures)
        if names.task == "mud":
            found += part.pictures
            continue
        labels = _beside(folder / LABELS, split, ".txt")
        masks = _beside(folder / masks_dir, split, ".png") if names.task == "surfaces" else {}
        ids = {picture.id for picture in part.pictures}
        for name, path in sorted({**masks, **labels}.items()):
            if name not in ids:
                problems.append(Problem(ProblemKind.NO_PICTURE, _relative(folder, path)))
        for each in part.pictures:
            beside = FoundPicture(each.id, split, each.picture, labels.get(each.id), masks.get(each.id))
            found.append(beside)
            if beside.labels is None and beside.mask is None:
                problems.append(Problem(ProblemKind.NO_LABEL, _relative(folder, each.picture)))
    problems += _unknown_folders(folder, names.task)
    if not found and not problems:
        problems.append(Problem(ProblemKind.NO_PICTURES, IMAGES))
    return found, problems


@dataclass(frozen=True)
class _Part:
    pictures: list[FoundPicture]
    problems: list[Problem]


def _pictures_of(folder: Path, split: Split | None, names: ClassNames) -> _Part:
    place = folder / IMAGES / (split or "")
    if names.task != "mud":
        return _Part([FoundPicture(path.stem, split, path) for path in _files(place, SUFFIXES)], [])
    pictures, problems = [], []
    ids = {plain_name(name): number for number, name in names.all.items()}
    for class_folder in _folders(place):
        if split is None and class_folder.name in SPLITS:
            continue
        class_id = ids.get(plain_name(class_folder.name))
        if class_id is None:
            detail = f"the classes are {', '.join(names.in_files.values())}"
            problems.append(Problem(ProblemKind.UNKNOWN_FOLDER, _relative(folder, class_folder), detail))
            continue
        pictures += [FoundPicture(path.stem, split, path, class_id=class_id) for path in _files(class_folder, SUFFIXES)]
    return _Part(pictures, problems)


def _same_names(folder: Path, pictures: list[FoundPicture]) -> list[Problem]:
    first: dict[str, Path] = {}
    problems = []
    for each in pictures:
        if each.id in first:
            where = _relative(folder, each.picture)
            problems.append(Problem(ProblemKind.SAME_NAME, where, f"the other is {_relative(folder, first[each.id])}"))
        first.setdefault(each.id, each.picture)
    return problems


def _unknown_folders(folder: Path, task: Task) -> list[Problem]:
    if task == "mud":  # there the folders are classes, which were judged above
        return []
    detail = f"the splits are {', '.join(SPLITS)}"
    unknown = [path for path in _folders(folder / IMAGES) if path.name not in SPLITS]
    return [Problem(ProblemKind.UNKNOWN_FOLDER, _relative(folder, path), detail) for path in unknown]


def _beside(place: Path, split: Split | None, suffix: str) -> dict[str, Path]:
    files = _files(place / (split or ""), frozenset({suffix}))
    return {path.stem: path for path in files if path.name not in NOT_LABELS}


def _files(place: Path, suffixes: frozenset[str]) -> list[Path]:
    if not place.is_dir():
        return []
    return sorted(
        path
        for path in place.iterdir()
        if path.suffix.lower() in suffixes and not path.name.startswith(".") and path.is_file()
    )


def _folders(place: Path) -> list[Path]:
    if not place.is_dir():
        return []
    return sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))


def _relative(folder: Path, path: Path) -> str:
    return str(PurePosixPath(path.relative_to(folder)))
