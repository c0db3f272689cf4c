"""Puts the scene of a story together in Blender and moves its trucks."""

from collections.abc import Iterable
from dataclasses import dataclass

from datasets.render import blender, site
from datasets.render.camera import Camera
from datasets.render.materials import Handle
from datasets.render.story import Actor, Pose, Story
from datasets.render.truck import WHEEL_RADIUS, truck, wheel, wheel_places


@dataclass
class TruckModel:
    """One truck's objects: the body, and the wheels that are its children."""

    body: Handle
    wheels: list[Handle]

    def show(self, pose: Pose | None) -> None:
        """Put the truck where it is; without a pose it is not there."""
        for part in (self.body, *self.wheels):
            part.hide_render = pose is None
        if pose is None:
            return
        self.body.location = (pose.x, pose.y, 0.02)
        self.body.rotation_euler = (0, 0, pose.heading)
        for part in self.wheels:
            part.rotation_euler = (0, pose.rolled / WHEEL_RADIUS, 0)


class GateScene:
    """The gate with the trucks of a story."""

    def __init__(self, story: Story, camera: Camera, width: int, height: int) -> None:
        self.scene = blender.clear()
        blender.light(self.scene)
        blender.hang(self.scene, camera)
        blender.choose_renderer(self.scene, width, height, story.seed)
        blender.add("ground", site.ground())
        blender.add("gate", site.gate())
        blender.add("bay", site.wash_bay())
        blender.add("yard", site.yard(story.seed))
        blender.add("background", site.background())
        self._trucks = {actor.truck_id: self._add_truck(actor) for actor in story.actors}

    def show(self, poses: dict[str, Pose], only: Iterable[str] | None = None) -> None:
        """Place the trucks; those without a pose, or not among `only`, are not there."""
        wanted = set(self._trucks if only is None else only)
        for truck_id, model in self._trucks.items():
            model.show(poses.get(truck_id) if truck_id in wanted else None)

    def _add_truck(self, actor: Actor) -> TruckModel:
        body = blender.add(actor.truck_id, truck(actor.axles), paint=actor.colour, bevel=0.015)
        wheels = []
        for x, y, z in wheel_places(actor.axles):
            part = blender.add(f"{actor.truck_id} wheel", wheel(1 if y > 0 else -1))
            part.parent, part.location = body, (x, y, z)
            wheels.append(part)
        return TruckModel(body, wheels)
