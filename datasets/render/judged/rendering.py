"""Renders what the judged stories are made of; what lies in the folder already is not rendered again."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from datasets.render import blender
from datasets.render.judged import gate, wall, yard
from datasets.render.judged.setup import SIZE, SetUp, Still, still_path, towards_sun
from datasets.render.judged.stage import gate_stage, relight, wall_stage, yard_stage
from datasets.render.plates import plan
from datasets.render.render import Effort, render_plates
from datasets.render.scene import Scene

SAMPLES = 8
"""Light paths a pixel, as many as training scenes have."""

Stage = Callable[[SetUp, int], Scene]
Job = Callable[[], Iterator[str]]


def render_judged(folder: Path, threads: int) -> Iterator[str]:
    """Render what is missing, the kinds of sites in turn, and yield the name of each picture or gate."""
    yards = [_stills(folder, setup, yard.stills(setup), yard_stage, threads) for setup in yard.SETUPS]
    walls = [_stills(folder, setup, wall.stills(setup), wall_stage, threads) for setup in wall.SETUPS]
    gates = [_gate(folder, number, threads) for number in range(len(gate.SETUPS))]
    yield from chain.from_iterable(job for turn in zip_longest(yards, walls, gates) for job in turn if job is not None)


def _stills(folder: Path, setup: SetUp, stills: Sequence[Still], stage: Stage, threads: int) -> Iterator[str]:
    missing = [still for still in stills if not still_path(folder, setup, still.name).exists()]
    if not missing:
        return
    (folder / setup.name).mkdir(parents=True, exist_ok=True)
    scene, lit = stage(setup, threads), -1
    for still in sorted(missing, key=lambda still: still.sky):
        if still.sky != lit:
            relight(scene.handle, setup, setup.skies[still.sky])
            lit = still.sky
        scene.show(still.placed)
        blender.render(scene.handle, still_path(folder, setup, still.name), SAMPLES)
        yield f"{setup.name}/{still.name}"


def _gate(folder: Path, number: int, threads: int) -> Iterator[str]:
    judged = gate.judged_gate(number)
    sky = judged.setup.skies[0]
    plates = plan(judged.story, *SIZE, towards_sun(sky))
    scene = gate_stage(judged, threads)
    relight(scene.handle, judged.setup, sky)
    render_plates(scene, plates, folder / judged.setup.name, Effort(SAMPLES, SAMPLES, threads))
    yield judged.setup.name
