"""`python -m datasets.render gate --out DIR [--preview]`: renders a story, its clip and its truth."""

import json
from pathlib import Path
from typing import Annotated

import typer

from datasets.render.camera import GATE_CAMERA
from datasets.render.encode import write_mp4
from datasets.render.film import pictures
from datasets.render.plates import plan
from datasets.render.render import render_plates
from datasets.render.story import STORIES
from datasets.render.truth import truth

PREVIEW_STEP = 10


def main(
    name: Annotated[str, typer.Argument(metavar="STORY", help=f"one of: {', '.join(STORIES)}")],
    out: Annotated[Path, typer.Option(help="folder for the clip, its truth and the plates it is made of")],
    width: Annotated[int, typer.Option(min=160, max=3840, help="of the picture, 16:9")] = 640,
    preview: Annotated[bool, typer.Option("--preview", help="every tenth frame, coarse")] = False,
) -> None:
    """Render a story; plates that lie in the folder already are not rendered again."""
    if name not in STORIES:
        raise typer.BadParameter(f"there is no story {name!r}; there are: {', '.join(STORIES)}")
    story, size = STORIES[name](), (width // 2 * 2, width * 9 // 32 * 2)
    plates = plan(story, GATE_CAMERA, *size)[:: PREVIEW_STEP if preview else 1]
    folder = out / f"{name}-{size[0]}x{size[1]}{'-preview' if preview else ''}"
    render_plates(story, GATE_CAMERA, plates, size, folder, preview=preview)
    stem = f"{name}-preview" if preview else name
    (out / f"{stem}.json").write_text(json.dumps(truth(story, GATE_CAMERA), indent=1) + "\n", encoding="utf-8")
    rate = max(1, story.frames_per_second // (PREVIEW_STEP if preview else 1))
    write_mp4(out / f"{stem}.mp4", pictures(story, GATE_CAMERA, plates, folder), size, rate)


if __name__ == "__main__":
    typer.run(main)
