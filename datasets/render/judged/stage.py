"""Puts the judged sites together in Blender, and changes their light."""

from collections.abc import Iterable
from dataclasses import replace

import bpy
import numpy as np

from datasets.render import blender, site
from datasets.render.excavator import excavator
from datasets.render.judged.gate import JudgedGate
from datasets.render.judged.lorry_model import LorryModel
from datasets.render.judged.paint import paint_site
from datasets.render.judged.setup import SIZE, SetUp
from datasets.render.judged.wall import CUTS, LOOSE, PANELS
from datasets.render.materials import Handle
from datasets.render.perimeter import site as perimeter_site
from datasets.render.person import person
from datasets.render.scene import FixtureModel, Model, RigModel, Scene
from datasets.render.scenes.layout import lay_out
from datasets.render.scenes.light import add_light
from datasets.render.scenes.shoot import prepare
from datasets.render.scenes.views import Sky
from datasets.render.solids import Solid, box
from datasets.render.yard import site as yard_site


def start(setup: SetUp, threads: int) -> Handle:
    """Empty Blender, and return a scene with the set-up's camera and colours."""
    scene = blender.clear()
    blender.hang(scene, setup.camera)
    prepare(scene, SIZE, setup.seed, threads)
    scene.view_settings.exposure = setup.exposure
    paint_site(setup)
    return scene


def relight(scene: Handle, setup: SetUp, sky: Sky) -> None:
    """Put the scene under another sky."""
    for old in [item for item in scene.objects if item.type == "LIGHT"]:
        bpy.data.objects.remove(old)
    add_light(scene, lay_out(setup.seed), sky)


def yard_stage(setup: SetUp, threads: int) -> Scene:
    """Return a yard whose strips are covered or bare one by one."""
    handle = start(setup, threads)
    blender.add("surroundings", yard_site.surroundings())
    blender.add("soil", [yard_site.soil()])
    far = yard_site.BARE_Y[1], yard_site.ZONE[1][1]
    fixed = [yard_site.net((yard_site.strip_x(i), far), setup.seed + i) for i in range(yard_site.STRIPS)]
    fixed += [site.heap("fresh net", *place, seed=setup.seed + i) for i, place in enumerate(yard_site.STOCKPILES)]
    blender.add("net", fixed)
    models: dict[str, Model] = _machines()
    for i in range(yard_site.STRIPS):
        laid = yard_site.laid_net(i)
        models[f"laid {i}"] = FixtureModel(f"laid {i}", laid)
        models[f"drawn {i}"] = FixtureModel(f"drawn {i}", yard_site.drawn_net(i))
        models[f"dusty {i}"] = FixtureModel(f"dusty {i}", _of(laid, "dusty net"))
        models[f"poured {i}"] = FixtureModel(f"poured {i}", [_slab(i)])
    return Scene(handle, models)


def wall_stage(setup: SetUp, threads: int) -> Scene:
    """Return a street with a hoarding that can lack some of its panels."""
    handle = start(setup, threads)
    blender.add("street", perimeter_site.street())
    blender.add("hoarding", _fixed_wall())
    blender.add("yard", perimeter_site.yard(setup.seed))
    models: dict[str, Model] = _machines()
    models["leaf"] = FixtureModel("leaf", perimeter_site.gate_leaf())
    models["worker"] = RigModel("worker", person())
    models["pallets"] = FixtureModel("pallets", [box("frame", (-1.2, 1.2), (-0.5, 0.5), (0.0, 1.3))])
    for x in LOOSE:
        whole = perimeter_site.panel((x, x + perimeter_site.PANEL))
        models[f"panel {x}"] = FixtureModel(f"panel {x}", whole)
        models[f"patch {x}"] = FixtureModel(f"patch {x}", _of(whole, "patch"))
        models[f"post {x + perimeter_site.PANEL}"] = FixtureModel(f"post {x}", [_post(x + perimeter_site.PANEL)])
    for x, stands in sorted(CUTS):
        models[f"cut {x} {stands}"] = FixtureModel(f"cut {x} {stands}", perimeter_site.panel((x, x + stands)))
    return Scene(handle, models)


def gate_stage(judged: JudgedGate, threads: int) -> Scene:
    """Return a gate with everybody who comes to it."""
    handle = start(judged.setup, threads)
    blender.add("ground", site.ground())
    blender.add("gate", site.gate())
    blender.add("bay", site.wash_bay())
    blender.add("yard", site.yard(judged.setup.seed))
    blender.add("background", site.background())
    lorries = [each.lorry for each in judged.passings]
    return Scene(handle, {one.name: LorryModel(one.name, one.make, one.axles, one.colour) for one in lorries})


def _machines() -> dict[str, Model]:
    return {
        "truck": LorryModel("truck", "dump", 3, "0"),
        "mixer": LorryModel("mixer", "mixer", 4, "1"),
        "excavator": RigModel("excavator", excavator("2")),
        "tower": FixtureModel("tower", [box("frame", (-5.0, 5.0), (-5.0, 5.0), (0.0, 45.0))]),
    }


def _of(solids: Iterable[Solid], material: str) -> list[Solid]:
    return [replace(solid, material=material) for solid in solids]


def _slab(strip: int) -> Solid:
    """Return fresh concrete on a strip: flat, since it flows, and higher than the soil below it."""
    (x0, x1), (y0, y1) = yard_site.bare_rectangle(strip)
    x, y = np.meshgrid(np.linspace(x0, x1, 17), np.linspace(y0, y1, 65))
    top = float(yard_site.soil_height(x, y).max())
    return box("wet concrete", (x0, x1), (y0, y1), (0.0, top + 0.03))


def _post(x: float) -> Solid:
    return box("white", (x - 0.05, x + 0.05), (-0.07, 0.1), (0.0, perimeter_site.HEIGHT + 0.12))


def _fixed_wall() -> list[Solid]:
    """Return the panels and posts that always stand, and the gate's pillars and rail."""
    gate_left, gate_right = perimeter_site.GATE_X
    parts: list[Solid] = []
    for x in PANELS:
        end = x + perimeter_site.PANEL
        if x not in LOOSE:
            parts += perimeter_site.panel((max(x, gate_right + 0.3) if x == gate_right else x, end))
        if x - perimeter_site.PANEL not in LOOSE:
            parts.append(_post(x))
    for x in (gate_left - 0.25, gate_right + 0.25):
        parts.append(box("white", (x - 0.25, x + 0.25), (-0.25, 0.25), (0.0, 2.7)))
        parts.append(box("blue", (x - 0.29, x + 0.29), (-0.29, 0.29), (2.7, 2.82)))
    rail = perimeter_site.LEAF_Y
    parts.append(box("steel", (gate_left - 0.3, gate_right + 5.6), (rail - 0.05, rail + 0.08), (0.0, 0.05)))
    return parts
