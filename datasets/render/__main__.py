"""`python -m datasets.render STORY --out DIR [--preview]`: renders a story, its clip and its truth."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from datasets.render.encode import write_mp4
from datasets.render.film import pictures
from datasets.render.gate.scene import gate_scene
from datasets.render.gate.story import gate_story
from datasets.render.perimeter.scene import perimeter_scene
from datasets.render.perimeter.story import perimeter_story
from datasets.render.plates import plan
from datasets.render.render import PREVIEW, Effort, render_plates
from datasets.render.scene import Scene
from datasets.render.story import Story
from datasets.render.yard.scene import yard_scene
from datasets.render.yard.story import yard_story

PREVIEW_STEP = 10


def _gate(width: int, height: int) -> tuple[Story, Callable[[], Scene]]:
    story = gate_story()
    return story, lambda: gate_scene(story, width, height)


def _yard(width: int, height: int) -> tuple[Story, Callable[[], Scene]]:
    story = yard_story()
    return story, lambda: yard_scene(story, width, height)


def _perimeter(width: int, height: int) -> tuple[Story, Callable[[], Scene]]:
    story = perimeter_story()
    return story, lambda: perimeter_scene(story, width, height)


STORIES = {"gate": _gate, "yard": _yard, "perimeter": _perimeter}


def _json(truth: dict[str, Any]) -> str:
    """Return JSON with every list of numbers on one line."""
    text = json.dumps(truth, indent=1) + "\n"
    return re.sub(
        r"\[[-\d.,\s]+\]", lambda found: re.sub(r"\s+", " ", found[0]).replace("[ ", "[").replace(" ]", "]"), text
    )


def main(
    name: Annotated[str, typer.Argument(metavar="STORY", help=f"one of: {', '.join(STORIES)}")],
    out: Annotated[Path, typer.Option(help="folder for the clip, its truth and the plates it is made of")],
    width: Annotated[int, typer.Option(min=160, max=3840, help="of the picture, 16:9")] = 640,
    threads: Annotated[int, typer.Option(min=0, help="to render with; 0: one a processor")] = 0,
    preview: Annotated[bool, typer.Option("--preview", help="every tenth frame, coarse")] = False,
) -> None:
    """Render a story; plates that lie in the folder already are not rendered again."""
    if name not in STORIES:
        raise typer.BadParameter(f"there is no story {name!r}; there are: {', '.join(STORIES)}")
    size = (width // 2 * 2, width * 9 // 32 * 2)
    story, build = STORIES[name](*size)
    plates = plan(story, *size)[:: PREVIEW_STEP if preview else 1]
    folder = out / f"{name}-{size[0]}x{size[1]}{'-preview' if preview else ''}"
    render_plates(build(), plates, folder, replace(PREVIEW if preview else Effort(), threads=threads))
    stem = f"{name}-preview" if preview else name
    (out / f"{stem}.json").write_text(_json(story.truth()), encoding="utf-8")
    rate = max(1, story.clip.frames_per_second // (PREVIEW_STEP if preview else 1))
    write_mp4(out / f"{stem}.mp4", pictures(story, plates, folder), size, rate)


if __name__ == "__main__":
    typer.run(main)
