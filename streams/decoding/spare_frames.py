"""Uses the memory of pictures again that nobody holds any more: new memory costs more than what is copied into it."""

import sys
from collections.abc import Sequence

import av

MOST_SPARE = 3


def _references(things: Sequence[object]) -> list[int]:
    return [sys.getrefcount(thing) for thing in things]


_HELD_HERE_ALONE = _references([object()])[0]
"""What Python counts for a thing that only a list knows; versions of Python count differently."""


class SpareFrames:
    """Frames of one size and format that come and go. One caller at a time."""

    def __init__(self) -> None:
        self._frames: list[av.VideoFrame] = []

    def frame(self, width: int, height: int, pixel_format: str) -> av.VideoFrame:
        """Return a frame whose content is to be replaced; planes that are still held keep theirs from being taken."""
        for place, references in enumerate(_references(self._frames)):
            frame = self._frames[place]
            is_alike = (frame.width, frame.height, frame.format.name) == (width, height, pixel_format)
            if is_alike and references == _HELD_HERE_ALONE:
                return frame
        made = av.VideoFrame(width, height, pixel_format)
        self._frames = [*self._frames[-(MOST_SPARE - 1) :], made]
        return made
