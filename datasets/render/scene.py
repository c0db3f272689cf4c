"""What the scenes of stories are made of in Blender: models that are shown where a story places them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import mathutils

from datasets.render import blender
from datasets.render.driving import Truck
from datasets.render.materials import Handle
from datasets.render.rig import Rig
from datasets.render.solids import Solid
from datasets.render.story import Clip, Placed, Pose
from datasets.render.truck import WHEEL_RADIUS, muddied, truck, wheel, wheel_places


class Model(Protocol):
    """A thing in Blender that can be shown or hidden."""

    def show(self, pose: Pose | None) -> None:
        """Put the thing where it is; without a pose it is not there."""


@dataclass(frozen=True)
class Scene:
    """A scene of Blender's: what always is there, and the models of a story's things."""

    handle: Handle
    models: Mapping[str, Model]

    def show(self, placed: Iterable[Placed]) -> None:
        """Show these things and no other."""
        poses = {thing.thing: thing.pose for thing in placed}
        for name, model in self.models.items():
            model.show(poses.get(name))


def empty(clip: Clip, width: int, height: int) -> Handle:
    """Return a scene with light, the clip's camera and the renderer, and nothing to see."""
    scene = blender.clear()
    blender.light(scene)
    blender.hang(scene, clip.camera)
    blender.choose_renderer(scene, width, height, clip.seed)
    return scene


class TruckModel:
    """One truck's objects: the body, and the wheels that are its children."""

    def __init__(self, story_truck: Truck) -> None:
        name, colour = story_truck.name, story_truck.colour

        def finished(solids: list[Solid]) -> list[Solid]:
            return muddied(solids, colour) if story_truck.muddy else solids

        self._body = blender.add(name, finished(truck(story_truck.axles)), paint=colour, bevel=0.015)
        self._wheels = []
        for x, y, z in wheel_places(story_truck.axles):
            part = blender.add(f"{name} wheel", finished(wheel(1 if y > 0 else -1)), paint=colour)
            part.parent, part.location = self._body, (x, y, z)
            self._wheels.append(part)

    def show(self, pose: Pose | None) -> None:
        """Put the truck where it is; without a pose it is not there."""
        for part in (self._body, *self._wheels):
            part.hide_render = pose is None
        if pose is None:
            return
        self._body.location = (pose.x, pose.y, 0.02)
        self._body.rotation_euler = (0, 0, pose.heading)
        for part in self._wheels:
            part.rotation_euler = (0, pose.rolled / WHEEL_RADIUS, 0)


class RigModel:
    """The parts of a rig, each an object."""

    def __init__(self, name: str, rig: Rig) -> None:
        self._rig = rig
        self._parts = {
            part: blender.add(f"{name} {part}", solids, paint=rig.paint, bevel=0.01)
            for part, solids in rig.parts.items()
        }

    def show(self, pose: Pose | None) -> None:
        """Put each part where it is; without a pose the thing is not there."""
        matrices = {} if pose is None else self._rig.matrices(pose)
        for name, part in self._parts.items():
            part.hide_render = pose is None
            if pose is not None:
                part.matrix_world = mathutils.Matrix(matrices[name].tolist())


class FixtureModel:
    """Something that only shifts along the ground, or is not there."""

    def __init__(self, name: str, solids: Iterable[Solid]) -> None:
        self._part = blender.add(name, solids)

    def show(self, pose: Pose | None) -> None:
        """Shift it to its pose; without one it is not there."""
        self._part.hide_render = pose is None
        if pose is not None:
            self._part.location = (pose.x, pose.y, 0)
