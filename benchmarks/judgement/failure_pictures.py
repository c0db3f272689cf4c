"""Draws what was judged wrongly: the recording's picture at that time, with what is drawn on it and what is true."""

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from benchmarks.judgement.cameras import configured
from benchmarks.judgement.pictures import Image
from benchmarks.judgement.recordings import Story, all_stories, recording_path
from benchmarks.judgement.scores import GRACE_S

ACROSS = 4
SIZE = (336, 189)
JPEG_QUALITY = 80
DRAWN, TEXT = (0, 220, 255), (255, 255, 255)
FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw_failures(result: dict[str, Any], folder: Path, path: Path) -> bool:
    """Write one picture of all failures of a result; without any write nothing and return False."""
    stories = {story.name: story for story in all_stories()}
    failures = [failure for rule in result["rules"].values() for failure in rule["failures"]]
    pictures = [_picture(stories[failure["story"]], failure, folder) for failure in failures]
    if not pictures:
        return False
    pictures += [np.zeros_like(pictures[0])] * (-len(pictures) % ACROSS)
    rows = [np.hstack(pictures[first : first + ACROSS]) for first in range(0, len(pictures), ACROSS)]
    return cv2.imwrite(str(path), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def _picture(story: Story, failure: dict[str, Any], folder: Path) -> Image:
    """Return a false alarm when it was told, and a miss when it was due."""
    seconds = failure.get("seconds", failure.get("since_s", 0.0) + GRACE_S[story.rule])
    image = _at(recording_path(folder, story), seconds)
    _draw_zones(image, story)
    image = np.asarray(cv2.resize(image, SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    for line, text in enumerate((f"{failure['story']}: {failure['failure']}", failure.get("taken", ""))):
        cv2.putText(image, text, (4, SIZE[1] - 18 + 12 * line), FONT, 0.36, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(image, text, (4, SIZE[1] - 18 + 12 * line), FONT, 0.36, TEXT, 1, cv2.LINE_AA)
    return image


def _at(path: Path, seconds: float) -> Image:
    """Return the last picture of a recording that is not later than `seconds`."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        container.seek(round(seconds / float(stream.time_base or 1)), stream=stream)
        latest = next(container.decode(stream))
        for frame in container.decode(stream):
            if float(frame.time or 0.0) > seconds:
                break
            latest = frame
    return np.asarray(latest.to_ndarray(format="bgr24"), np.uint8)


def _draw_zones(image: Image, story: Story) -> None:
    height, width = image.shape[:2]
    zones = configured(story)[0].camera.zones
    lines = [points for points in (zones.yard, zones.wash_bay) if points]
    lines += [list(zones.exit_line.points)] if zones.exit_line else []
    lines += [zones.perimeter.line] if zones.perimeter else []
    for points in lines:
        pixels = (np.array(points) * (width, height)).round().astype(np.int32)
        cv2.polylines(image, [pixels], len(points) > 2, DRAWN, 2, cv2.LINE_AA)
