"""Makes the pictures of a case file: redacted copies of what is whole, and a note in place of what is not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.casefile.blurring import blur_people
from service.casefile.examination import ExaminedFile, FileState
from service.casefile.people import Boxes, FindsPeople
from service.casefile.redacted import NOTE_KNOWN_LIMIT, RedactedPicture, decode_picture, encode_picture
from service.casefile.sheet import PrintedPicture

CLEAN, ANNOTATED = "clean", "annotated"
ROLES = {ANNOTATED: "标注图", CLEAN: "原始画面", "before": "违规前画面", "later": "后续画面", "clip": "录像"}
ORDER = {ANNOTATED: 0, CLEAN: 1, "before": 2}
WIDEST = 1600
"""Pixels; about 240 a printed inch."""
NO_FINDER = "人员识别模型无法使用，为免泄露个人信息，本图未印出"


def role_name(role: str) -> str:
    """Return what a file shows, in Chinese; a role of another version as it is."""
    return ROLES.get(role, role)


def printed_pictures(files: Sequence[ExaminedFile], finder: FindsPeople | None) -> tuple[PrintedPicture, ...]:
    """Return the pictures among the files, redacted; without a finder none is shown, since people could be in it."""
    pictures = [file for file in files if file.item.media_type == "image/jpeg"]
    pictures.sort(key=lambda file: ORDER.get(file.item.role, len(ORDER)))
    album = _Album(finder)
    for file in sorted(pictures, key=lambda file: file.item.role != CLEAN):  # its people are needed for the annotated
        album.take(file)
    return tuple(album.taken[file.item.name] for file in pictures)


@dataclass
class _Album:
    finder: FindsPeople | None
    taken: dict[str, PrintedPicture] = field(default_factory=dict)
    clean: tuple[tuple[int, int], Boxes] | None = None
    """The clean picture's height and width, and the people in it."""

    def take(self, file: ExaminedFile) -> None:
        """Add the picture, or why it is not shown."""
        item = file.item
        original = f"{item.name}  {item.sha256}"
        title = role_name(item.role)
        redacted, note = self._redacted(file)
        if redacted is None:
            self.taken[item.name] = PrintedPicture(title, note, None, original)
            return
        height, width = redacted.image.shape[:2]
        jpeg = encode_picture(redacted.image, WIDEST)
        self.taken[item.name] = PrintedPicture(title, note, jpeg, original, (width, height))

    def _redacted(self, file: ExaminedFile) -> tuple[RedactedPicture | None, str]:
        if file.state is FileState.MISSING:
            return None, "文件缺失，无法印出"
        if file.state is FileState.CHANGED:
            return None, "文件内容与清单不符，不予印出"
        if self.finder is None:
            return None, NO_FINDER
        image = decode_picture(file.path.read_bytes())
        if image is None:
            return None, "文件不是可读的图片"
        boxes = self._people(file.item.role, image, self.finder)
        redacted = RedactedPicture(blur_people(image, boxes), len(boxes))
        return redacted, f"打码副本：{redacted.told}；{NOTE_KNOWN_LIMIT}。"

    def _people(self, role: str, image: NDArray[np.uint8], finder: FindsPeople) -> Boxes:
        height, width = image.shape[:2]
        if role == ANNOTATED and self.clean is not None:
            (clean_height, clean_width), boxes = self.clean
            if width == clean_width and height >= clean_height:
                # The caption's band lies above; what is drawn on people would hide them from the network.
                band = height - clean_height
                return np.asarray(boxes + np.array([0, band, 0, band], np.float32), np.float32)
        boxes = finder.find(image)
        if role == CLEAN:
            self.clean = ((height, width), boxes)
        return boxes
