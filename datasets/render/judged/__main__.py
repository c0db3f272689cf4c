"""`python -m datasets.render.judged --out DIR`: renders what the rules are judged by."""

from pathlib import Path
from typing import Annotated

import typer

from datasets.render.judged.rendering import render_judged


def main(
    out: Annotated[Path, typer.Option(help="folder for the pictures; what lies there is not rendered again")],
    threads: Annotated[int, typer.Option(min=0, help="to render with; 0: one a processor")] = 0,
) -> None:
    """Render every yard, perimeter and gate."""
    for name in render_judged(out, threads):
        typer.echo(name)


if __name__ == "__main__":
    typer.run(main)
