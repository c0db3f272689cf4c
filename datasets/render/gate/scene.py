"""Puts the gate together in Blender."""

from datasets.render import blender, site
from datasets.render.gate.story import GateStory
from datasets.render.scene import Scene, TruckModel, empty


def gate_scene(story: GateStory, width: int, height: int) -> Scene:
    """Return the gate with the story's trucks."""
    handle = empty(story.clip, width, height)
    blender.add("ground", site.ground())
    blender.add("gate", site.gate())
    blender.add("bay", site.wash_bay())
    blender.add("yard", site.yard(story.clip.seed))
    blender.add("background", site.background())
    return Scene(handle, {truck.name: TruckModel(truck) for truck in story.trucks})
