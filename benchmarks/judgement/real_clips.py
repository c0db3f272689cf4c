"""`python -m benchmarks.judgement.real_clips CLIPS`: what the rules tell, by default, of clips of real cameras.

What is drawn is lawful, as far as one can see: a gate on a motorway that every lorry passes unwashed, so that what is
told of anything but a lorry is false; verges of grass and straw; the wall and the ground of a site. The clips last
seconds, the grace times half an hour: for soil and walls a clip's pictures are shown in turn, one each ten seconds.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from benchmarks.judgement.cameras import configured_with
from benchmarks.judgement.encode import TimedPicture, write_recording
from benchmarks.judgement.stories import INTERVAL_S
from service.edge.replay import Replayed, replay_recording
from streams.addresses import VideoSource
from streams.frames import DecodeMode, decode_all
from streams.sources import OpenVideo

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
        yield _row(clip.stem, "gate", _replay(clip, GATE))
    with TemporaryDirectory() as folder:
        held = _held(clip, Path(folder) / "held.mp4")
        for name, zones in (SITE if is_site else VERGES).items():
            yield _row(clip.stem, name, _replay(held, zones))


def _replay(recording: Path, zones: dict[str, Any]) -> Replayed:
    return replay_recording(recording, *configured_with("real", {"zones": zones}))


def _row(clip: str, drawn: str, result: Replayed) -> dict[str, Any]:
    told = [{"seconds": result.seconds_at(one.opened_at), **one.measures} for one in result.violations]
    figures = {name: round(value, 3) for name, value in result.figures.items()}
    return {"clip": clip, "drawn": drawn, "seconds": round(result.seconds, 1), "told": told, "figures": figures}


def _held(clip: Path, path: Path) -> Path:
    """Write a recording in which the clip's keyframes are seen in turn."""
    with OpenVideo(VideoSource(str(clip))) as video:
        pictures = [frame.image for frame in decode_all(video.packets(), DecodeMode.KEYFRAMES)]
    height, width = pictures[0].shape[:2]
    times = range(round(HELD_S / INTERVAL_S))
    shown = (TimedPicture(number * INTERVAL_S, pictures[number % len(pictures)]) for number in times)
    write_recording(path, shown, (width, height))
    return path


if __name__ == "__main__":
    typer.run(main)
