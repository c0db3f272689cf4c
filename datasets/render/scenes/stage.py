"""Builds a procedural scene in Blender; every object carries the number of what it is (`pass_index`)."""

from collections.abc import Iterable, Mapping

import bpy
import numpy as np
from numpy.typing import NDArray

from datasets.render import blender, site
from datasets.render.materials import Handle
from datasets.render.scenes import looks
from datasets.render.scenes.dress import CLEARED_SHARE, PLAIN_SHARE, Dress, lorry_looks
from datasets.render.scenes.fences import Make, fallen_solids, panel_solids, post_solids
from datasets.render.scenes.layout import Layout, random_of
from datasets.render.scenes.light import add_light
from datasets.render.scenes.machines import LORRIES, sphere, tree
from datasets.render.scenes.noise import smooth
from datasets.render.scenes.palette import (
    BARRIER,
    BRICK,
    GREY_PAINTED,
    HEDGE,
    PAINTED,
    SOIL,
    STEEL,
)
from datasets.render.scenes.parts import FALLEN, FIRST_THING, HOARDING, NET_PART, OTHER, SAND_PART, SOIL_PART
from datasets.render.scenes.street import street_lamps, street_solids
from datasets.render.scenes.terrain import CELL, Kind
from datasets.render.scenes.things import Thing, thing_solids
from datasets.render.scenes.views import Sky
from datasets.render.solids import Solid, bar, box, cylinder

NET_LIFT = 0.05
NET_FOLDS = 0.10
"""Metres above the ground, and how much higher its folds rise."""


class Stage:
    """One scene in Blender."""

    def __init__(self, layout: Layout, sky: Sky) -> None:
        self.layout, self.sky = layout, sky
        self.random = random_of(layout.seed, 7)
        self.dress = Dress(layout.seed, self.random, wet=sky.wet)
        self.scene = blender.clear()
        self._looks = self.dress.looks_of_ground()
        self._add_ground()
        self._add_hard_ground()
        self._add_street()
        self._add_hoardings()
        self._add_surroundings()
        for number, thing in enumerate(layout.things):
            self._add_thing(FIRST_THING + number, thing)
        add_light(self.scene, layout, sky)

    def add(
        self, name: str, solids: Iterable[Solid], part: int, extra: Mapping[str, Handle] | None = None
    ) -> Handle | None:
        """Add solids that are all one thing for the truth."""
        listed = list(solids)
        if not listed:
            return None
        made = blender.add(name, listed, looks={**self._looks, **(extra or {})})
        made.pass_index = part
        return made

    def _add_ground(self) -> None:
        terrain = self.layout.terrain
        parts = {Kind.SOIL: SOIL_PART, Kind.SAND: SAND_PART}
        heaped = terrain.centres()[:, :, 2] > 0.7
        for kind in Kind:
            cells = terrain.kinds == kind
            part = parts.get(kind, OTHER)
            if kind is Kind.SOIL:
                self._grid("soil", cells & ~heaped, terrain.heights, part)
                self._grid("heap soil", cells & heaped, terrain.heights, part)
            else:
                self._grid(kind.name.lower(), cells, terrain.heights, part)
        for number, net in enumerate(terrain.nets):
            random = random_of(self.layout.seed, 20 + number)
            folds = np.abs(smooth(random, terrain.heights.shape, 3) - 0.5) * 2 * NET_FOLDS
            self._grid(f"net {net.look}", net.covers, terrain.heights + NET_LIFT + folds, NET_PART)
        self._add_clods()
        self._add_weeds()
        outside = self.layout.surroundings.outside
        width, depth = self.layout.width / 2, self.layout.depth
        far = [
            box(outside, (-900, -width), (-900, 2500), (-2.0, -0.25)),
            box(outside, (width, 900), (-900, 2500), (-2.0, -0.25)),
            box(outside, (-width, width), (-900, 0), (-2.0, -0.25)),
            box(outside, (-width, width), (depth, 2500), (-2.0, -0.25)),
        ]
        self.add("outside", far, OTHER)

    def _add_clods(self) -> None:
        """Scatter lumps over the soil."""
        random = random_of(self.layout.seed, 9)
        terrain = self.layout.terrain
        rows, columns = np.nonzero((terrain.kinds == Kind.SOIL) & ~terrain.netted())
        count = min(len(rows), int(random.integers(0, 400)))
        if count == 0 or (self.dress.wide and random.random() < CLEARED_SHARE):
            return
        centres = terrain.centres()
        lumps = []
        for index in random.choice(len(rows), count, replace=False).tolist():
            x, y, z = centres[rows[index], columns[index]].tolist()
            if _on_slab(self.layout, x, y):
                continue
            r = float(random.gamma(2.0, 0.06)) + 0.03
            lumps.append(sphere("soil", (x, y, z + r * 0.3), (r, r * float(random.uniform(0.6, 1.3)), r * 0.7), 4, 6))
        self.add("clods", lumps, SOIL_PART)

    def _add_weeds(self) -> None:
        """Let blades stand on the grass, and sparse weeds on the soil."""
        random = random_of(self.layout.seed, 10)
        terrain = self.layout.terrain
        grass = np.argwhere((terrain.kinds == Kind.GRASS) & ~terrain.netted())
        soil = np.argwhere((terrain.kinds == Kind.SOIL) & ~terrain.netted())
        sparse = soil[random.random(len(soil)) < float(random.choice([0.0, 0.004, 0.02]))]
        cells = np.concatenate([np.repeat(grass, 2, axis=0), sparse])
        if len(cells) == 0:
            return
        roots = terrain.centres()[cells[:, 0], cells[:, 1]] + random.uniform(-CELL / 2, CELL / 2, (len(cells), 3)) * (
            1,
            1,
            0,
        )
        kept = [index for index, (x, y, _) in enumerate(roots.tolist()) if not _on_slab(self.layout, x, y)]
        roots = roots[kept]
        turn, long = random.uniform(0, 2 * np.pi, len(roots)), random.uniform(0.1, 0.35, len(roots))
        side = np.stack([np.cos(turn), np.sin(turn), np.zeros(len(turn))], axis=1) * 0.09
        tips = roots + np.stack([np.zeros(len(long)), np.zeros(len(long)), long], axis=1) + side[:, [1, 0, 2]]
        points = np.stack([roots - side, roots + side, tips + side * 0.2, tips - side * 0.2], axis=1).reshape(-1, 3)
        made = _mesh("weeds", points.astype(np.float32), np.arange(len(points)).reshape(-1, 4))
        made.data.materials.append(self._looks["grass"])
        made.pass_index = OTHER

    def _grid(self, look: str, cells: NDArray[np.bool_], heights: NDArray[np.float32], part: int) -> None:
        """Add the cells of the ground as one mesh; inner corners are jittered, so that no edge runs straight."""
        rows, columns = np.nonzero(cells)
        if len(rows) == 0:
            return
        random = random_of(self.layout.seed, 8)
        shape, origin = heights.shape, self.layout.terrain.origin
        y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
        jitter = random.uniform(-0.38, 0.38, (2, *shape)).astype(np.float32)
        jitter[:, [0, -1]] = jitter[:, :, [0, -1]] = 0
        points = np.stack([origin[0] + (x + jitter[0]) * CELL, origin[1] + (y + jitter[1]) * CELL, heights], axis=2)
        wide = shape[1]
        corner = rows * wide + columns
        faces = np.stack([corner, corner + 1, corner + wide + 1, corner + wide], axis=1)
        used, indices = np.unique(faces, return_inverse=True)
        made = _mesh(look, points.reshape(-1, 3)[used], indices.reshape(-1, 4))
        made.data.materials.append(self._looks[look])
        made.pass_index = part

    def _add_hard_ground(self) -> None:
        for number, slab in enumerate(self.layout.slabs):
            x0, y0, x1, y1 = slab.rectangle
            top = 0.03 + 0.006 * number  # two that overlap must not share a plane
            self.add("slab", [box(slab.material, (x0, x1), (y0, y1), (-1.0, top))], OTHER)
        bay = self.layout.surroundings.wash_bay
        if bay is not None:
            self.add("bay", [solid.moved(bay[0], 0.0) for solid in site.wash_bay()], OTHER)

    def _add_street(self) -> None:
        street = self.layout.street
        if street is not None:
            self._looks |= self.dress.looks_of_street()
            self.add("street", [*street_solids(street), *street_lamps(street)], OTHER)

    def _add_hoardings(self) -> None:
        colours = {Make.STEEL: STEEL, Make.PRINTED: STEEL, Make.BARRIER: BARRIER, Make.HEDGE: HEDGE}
        painted = (PAINTED, GREY_PAINTED)
        for number, hoarding in enumerate(self.layout.hoardings):
            name = f"sheet {number}"
            if hoarding.make is Make.BRICK:
                sheet = looks.bricks(name, self.dress.pick(BRICK))
            elif hoarding.make is Make.PRINTED and not (self.dress.wide and self.random.random() < PLAIN_SHARE):
                sheet = looks.printed(name, self.random)
            elif hoarding.make is Make.HEDGE:
                colour = self.dress.pick(HEDGE)
                sheet = looks.patchy(name, looks.Patchy(colour, looks.scaled(colour, 0.5), 6.0, 1.0, 0.1))
            else:
                sheet = looks.sheet_metal(name, self.dress.pick(colours[hoarding.make], *painted))
            own = {"sheet": sheet, "band": looks.sheet_metal(f"band {number}", (0.65, 0.65, 0.63))}
            own["post"] = looks.plain(f"post {number}", (0.5, 0.5, 0.5))
            self.add(f"hoarding {number}", panel_solids(hoarding), HOARDING, own)
            self.add(f"posts {number}", post_solids(hoarding), OTHER, own)
            self.add(f"fallen {number}", fallen_solids(hoarding), FALLEN, own)

    def _add_surroundings(self) -> None:
        layout = self.layout
        parts: list[Solid] = []
        for x, y, floors, bays in layout.surroundings.buildings:
            if self.random.random() < 0.5:
                parts += site.building(x, y, floors, bays)
            else:
                parts.append(box("wall", (x, x + bays * 4), (y, y + 12), (-0.5, floors * 3.1)))
                parts += _windows(x, y, floors, bays)
        for x, y, height in layout.surroundings.cranes:
            parts += site.crane(x, y, height)
        for x, y, _ in layout.surroundings.trees:
            parts += [solid.moved(x, y, -0.2) for solid in tree(self.random)]
        for x, y, _ in layout.surroundings.pipes:
            z = layout.terrain.height_at(x, y)
            parts += [cylinder("frame", (x, y + 0.8 * i, z + 0.35), 0.35, 4.0, axis="x", sides=14) for i in range(4)]
        for x, y, z in layout.surroundings.lamps:
            parts.append(bar("steel", (x, y, -0.5), (x, y, z), 0.14))
        self.add("surroundings", parts, OTHER)

    def _add_thing(self, part: int, thing: Thing) -> None:
        mud_colour = looks.scaled(self.dress.pick(SOIL), 1.1)
        dirt = 0.15 if thing.mud is None else thing.mud
        own = {"paint": looks.vehicle_paint(f"paint {part}", thing.paint, mud_colour, dirt)}
        if thing.make in LORRIES:
            own |= lorry_looks(part, thing, mud_colour)
        made = self.add(f"thing {part}", thing_solids(thing), part, own)
        if made is not None:
            made.location, made.rotation_euler = thing.position, (0, 0, thing.heading)


def _on_slab(layout: Layout, x: float, y: float) -> bool:
    return any(r[0] <= x <= r[2] and r[1] <= y <= r[3] for r in (slab.rectangle for slab in layout.slabs))


def _windows(x: float, y: float, floors: int, bays: int) -> list[Solid]:
    return [
        box("glass", (x + i * 4 + 1, x + i * 4 + 2.8), (y - 0.05, y + 0.05), (z * 3.1 + 0.9, z * 3.1 + 2.3))
        for i in range(bays)
        for z in range(floors)
    ]


def _mesh(name: str, points: NDArray[np.float32], quads: NDArray[np.int64]) -> Handle:
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(points))
    mesh.vertices.foreach_set("co", points.astype(np.float32).ravel())
    mesh.loops.add(quads.size)
    mesh.loops.foreach_set("vertex_index", quads.astype(np.int32).ravel())
    mesh.polygons.add(len(quads))
    mesh.polygons.foreach_set("loop_start", np.arange(0, quads.size, 4, dtype=np.int32))
    mesh.polygons.foreach_set("use_smooth", np.ones(len(quads), bool))
    mesh.update(calc_edges=True)
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    return made
