"""`python -m benchmarks.judgement.real_clips CLIPS`: what the rules tell, by default, of clips of real cameras.

What is drawn is lawful, as far as one can see: a gate on a motorway that every lorry passes unwashed, so that what is
told of anything but a lorry is false; verges of grass and straw; the wall and the ground of a site. The clips last
seconds, the grace times half an hour: for soil and walls a clip's pictures are shown in turn, one each ten seconds.
The verges are judged once more with what `dustwatch check` proposes to mask out in the first picture. The wall is
judged twice: as drawn, and with the clip's first picture as the reference of its commissioning.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import cv2
import typer

from benchmarks.judgement.cameras import configured_with
from benchmarks.judgement.encode import TimedPicture, write_recording
from benchmarks.judgement.stories import INTERVAL_S
from service.edge.edge_models import EdgeModels
from service.edge.first_look import NEEDS, first_look
from service.edge.replay import Replayed, replay_recording
from streams.addresses import VideoSource
from streams.frames import BgrImage, DecodeMode, Frame, decode_all
from streams.sources import OpenVideo
from vision.geometry import RelativePoint

CHECKS = 1
"""How often the camera is checked, and what looks bare masked out, before it is judged."""
HELD_S = 2700.0
"""How long a clip's pictures are shown in turn: half as long again as the grace times."""
GATE: dict[str, Any] = {
    "exit_line": {"points": [[0.0, 0.6], [1.0, 0.6]], "outward": [0.5, 0.95]},
    "wash_bay": [[0.46, 0.62], [0.52, 0.62], [0.52, 0.95], [0.46, 0.95]],
}
"""The line crosses both carriageways, outward is towards the camera; the bay is the central reservation."""
VERGES: dict[str, dict[str, Any]] = {
    "straw": {"yard": [[0.0, 0.47], [0.22, 0.37], [0.38, 0.37], [0.3, 0.45], [0.0, 0.6]]},
    "grass": {"yard": [[0.62, 0.36], [0.98, 0.4], [0.98, 0.58], [0.85, 0.52]]},
}
SITE: dict[str, dict[str, Any]] = {
    "wall": {"perimeter": {"line": [[0.16, 0.62], [0.72, 0.26]], "height": 0.15}},
    "ground": {"yard": [[0.2, 0.72], [0.45, 0.56], [0.68, 0.66], [0.62, 0.95], [0.3, 0.95]]},
}


def main(clips: Annotated[Path, typer.Argument(help="folder of the clips")]) -> None:
    """Print one JSON object: for each clip and drawing the seconds, the violations, and the figures at the end."""
    rows = [row for clip in sorted(clips.glob("*.mp4")) for row in _rows(clip)]
    typer.echo(json.dumps({"seconds": round(sum(row["seconds"] for row in rows)), "clips": rows}))


def _rows(clip: Path) -> Iterator[dict[str, Any]]:
    is_site = clip.stem.startswith("site")
    if not is_site:
        yield _row(clip.stem, "gate", _replay(clip, {"zones": GATE}))
    pictures = _keyframes(clip)
    with TemporaryDirectory() as folder:
        held, reference = Path(folder) / "held.mp4", Path(folder) / "reference.png"
        _write_held(pictures, held)
        for name, zones in (SITE if is_site else VERGES).items():
            yield _row(clip.stem, name, _replay(held, {"zones": zones}))
            if name in VERGES and (masks := _proposed_masks(pictures, zones)):
                yield _row(clip.stem, f"{name}, masked", _replay(held, {"zones": {**zones, "mask_out": masks}}))
        if is_site:
            cv2.imwrite(str(reference), pictures[0])
            yield _row(
                clip.stem, "wall, with a reference", _replay(held, {"zones": SITE["wall"], "reference": reference})
            )


def _proposed_masks(pictures: list[BgrImage], zones: dict[str, Any]) -> list[list[RelativePoint]]:
    """Return what to mask out, as `dustwatch check` proposes it when it takes one of the pictures after the other."""
    masks: list[list[RelativePoint]] = []
    _, config = configured_with("real", {"zones": zones})
    with closing(EdgeModels(config).networks(NEEDS, workers=1)) as networks:
        for picture in pictures[:CHECKS]:
            _, config = configured_with("real", {"zones": {**zones, "mask_out": masks}})
            frame = Frame(picture, datetime.now(UTC), is_keyframe=True)
            masks += first_look(config, config.cameras[0], frame, networks).masks
    return masks


def _replay(recording: Path, drawn: dict[str, Any]) -> Replayed:
    return replay_recording(recording, *configured_with("real", drawn))


def _row(clip: str, drawn: str, result: Replayed) -> dict[str, Any]:
    told = [{"seconds": result.seconds_at(one.opened_at), **one.measures} for one in result.violations]
    figures = {name: round(value, 3) for name, value in result.figures.items()}
    return {"clip": clip, "drawn": drawn, "seconds": round(result.seconds, 1), "told": told, "figures": figures}


def _keyframes(clip: Path) -> list[BgrImage]:
    with OpenVideo(VideoSource(str(clip))) as video:
        return [frame.image for frame in decode_all(video.packets(), DecodeMode.KEYFRAMES)]


def _write_held(pictures: list[BgrImage], path: Path) -> None:
    """Write a recording in which the pictures are seen in turn."""
    height, width = pictures[0].shape[:2]
    times = range(round(HELD_S / INTERVAL_S))
    shown = (TimedPicture(number * INTERVAL_S, pictures[number % len(pictures)]) for number in times)
    write_recording(path, shown, (width, height))


if __name__ == "__main__":
    typer.run(main)
