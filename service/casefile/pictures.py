"""Makes the pictures of a case file: redacted copies of what is whole, and a note in place of what is not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.casefile.blurring import blur_people
from service.casefile.examination import ExaminedFile, FileState
from service.casefile.people import Boxes, FindsPeople
from service.casefile.redacted import KNOWN_LIMIT, RedactedPicture, decode_picture, encode_picture
from service.casefile.sheet import PrintedPicture

CLEAN, ANNOTATED = "clean", "annotated"
ROLES = {
    ANNOTATED: "标注图",
    CLEAN: "原始画面",
    "best_view": "车辆近景",
    "before": "违规前画面",
    "later": "后续画面",
    "clip": "录像",
    "chart": "监测曲线",
    "camera": "同期现场画面",
    "readings": "监测数据",
}
ORDER = {ANNOTATED: 0, CLEAN: 1, "best_view": 2, "before": 3}
WIDEST = 1600
"""Pixels; about 240 a printed inch."""
MISSING = "文件缺失，无法印出"
CHANGED = "文件内容与清单不符，不予印出"
NO_PICTURE = "文件不是可读的图片"
NO_FINDER = "人员识别模型无法使用，为免泄露个人信息，本图未印出"


def role_name(role: str) -> str:
    """Return what a file shows, in Chinese; a role of another version as it is."""
    return ROLES.get(role, role)


def redact_files(files: Sequence[ExaminedFile], finder: FindsPeople | None) -> dict[str, RedactedPicture | str]:
    """Return for each picture among the files, by its name, the redacted copy, or in Chinese why there is none."""
    pictures = [file for file in files if file.item.media_type == "image/jpeg"]
    decoded = {file.item.name: _decoded(file, finder) for file in pictures}
    clean = _clean_people(pictures, decoded, finder)
    redacted: dict[str, RedactedPicture | str] = {}
    for file in pictures:
        image = decoded[file.item.name]
        if isinstance(image, str) or finder is None:
            redacted[file.item.name] = image if isinstance(image, str) else NO_FINDER
            continue
        known = clean.moved_onto(image) if clean is not None and file.item.role in {CLEAN, ANNOTATED} else None
        boxes = finder.find(image) if known is None else known
        redacted[file.item.name] = RedactedPicture(blur_people(image, boxes), len(boxes))
    return redacted


def printed_pictures(files: Sequence[ExaminedFile], finder: FindsPeople | None) -> tuple[PrintedPicture, ...]:
    """Return the pictures among the files, redacted; without a finder none is shown, since people could be in it."""
    redacted = redact_files(files, finder)
    pictures = [file for file in files if file.item.name in redacted]
    pictures.sort(key=lambda file: ORDER.get(file.item.role, len(ORDER)))
    return tuple(_printed(file, redacted[file.item.name]) for file in pictures)


@dataclass(frozen=True)
class _CleanPeople:
    """The clean picture's height and width, and the people in it."""

    height: int
    width: int
    boxes: Boxes

    def moved_onto(self, image: NDArray[np.uint8]) -> Boxes | None:
        """Return the boxes on the same picture with a caption's band above it; None where it is another size.

        What is drawn on people would hide them from the network.
        """
        height, width = image.shape[:2]
        if width != self.width or height < self.height:
            return None
        return np.asarray(self.boxes + np.array([0, 1, 0, 1], np.float32) * (height - self.height), np.float32)


def _clean_people(
    pictures: Sequence[ExaminedFile], decoded: dict[str, NDArray[np.uint8] | str], finder: FindsPeople | None
) -> _CleanPeople | None:
    for file in pictures:
        image = decoded[file.item.name]
        if file.item.role == CLEAN and finder is not None and not isinstance(image, str):
            return _CleanPeople(image.shape[0], image.shape[1], finder.find(image))
    return None


def _decoded(file: ExaminedFile, finder: FindsPeople | None) -> NDArray[np.uint8] | str:
    if file.state is not FileState.INTACT:
        return MISSING if file.state is FileState.MISSING else CHANGED
    if finder is None:
        return NO_FINDER
    try:
        image = decode_picture(file.path.read_bytes())
    except OSError:
        return MISSING
    return NO_PICTURE if image is None else image


def _printed(file: ExaminedFile, redacted: RedactedPicture | str) -> PrintedPicture:
    title, original = role_name(file.item.role), f"{file.item.name}  {file.item.sha256}"
    if isinstance(redacted, str):
        return PrintedPicture(title, redacted, None, original)
    height, width = redacted.image.shape[:2]
    note = f"打码副本：{redacted.told}；{KNOWN_LIMIT}。"
    return PrintedPicture(title, note, encode_picture(redacted.image, WIDEST), original, (width, height))
