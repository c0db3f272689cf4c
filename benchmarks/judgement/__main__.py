"""`python -m benchmarks.judgement --out DIR [--render] [--json]`: how well the three rules judge unseen stories.

`--render` renders what the stories are made of (needs Blender: `pip install 'dustwatch[render]'`). Without it, what
lies in the folder is put together to recordings and judged. Both go on where they were interrupted.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

RESULTS = Path(__file__).parents[1] / "results"


def main(
    out: Annotated[Path, typer.Option(help="folder for pictures and recordings")],
    render: Annotated[bool, typer.Option("--render", help="render the pictures and judge nothing")] = False,
    threads: Annotated[int, typer.Option(min=0, help="to render with; 0: one a processor")] = 0,
    only: Annotated[str, typer.Option(help="judge the stories alone whose names begin like this")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Render, or judge what was rendered and write the figures to benchmarks/results/judgement.json."""
    if render:
        _render(out, threads)
        return
    result = _judge(out, only)
    if not only:
        _keep(result, out)
    if as_json:
        typer.echo(json.dumps(result))
        return
    from benchmarks.judgement.report import table

    Console().print(table(result))
    for rule in result["rules"].values():
        Console().print(*rule["failures"], sep="\n")


def _keep(result: dict[str, Any], out: Path) -> None:
    """Write the figures, their plot, and a picture of what was judged wrongly."""
    from benchmarks.judgement.failure_pictures import draw_failures
    from benchmarks.judgement.plot import plot

    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "judgement.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    plot(result, RESULTS / "judgement.png")
    draw_failures(result, out, RESULTS / "judgement-failures.jpg")


def _render(out: Path, threads: int) -> None:
    # Blender is there only where scenes are rendered, and the edge's parts are not.
    from datasets.render.judged.rendering import render_judged

    for name in render_judged(out / "rendered", threads):
        typer.echo(name)


def _judge(out: Path, only: str) -> dict[str, Any]:
    from benchmarks.judgement.judging import judge
    from benchmarks.judgement.recordings import all_stories
    from benchmarks.judgement.report import failures, summary
    from datasets.render.film import PlateMissing

    outcomes, not_rendered = [], []
    for story in all_stories():
        if not story.name.startswith(only):
            continue
        try:
            outcome = judge(out, story)
        except PlateMissing:
            not_rendered.append(story.name)
            continue
        outcomes.append(outcome)
        typer.echo(f"{story.name}: {len(outcome.hits)} found, {failures(outcome) or 'no failure'}", err=True)
    return summary(outcomes, not_rendered, datetime.now(UTC).isoformat(timespec="seconds"))


if __name__ == "__main__":
    typer.run(main)
