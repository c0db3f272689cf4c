"""Puts the perimeter together in Blender."""

from datasets.render import blender
from datasets.render.perimeter import site
from datasets.render.perimeter.story import PerimeterStory
from datasets.render.scene import FixtureModel, RigModel, Scene, TruckModel, empty


def perimeter_scene(story: PerimeterStory, width: int, height: int) -> Scene:
    """Return the street with the hoarding, its gate, its loose panel, and who passes."""
    handle = empty(story.clip, width, height)
    blender.add("street", site.street())
    blender.add("hoarding", site.fixed_hoarding())
    blender.add("yard", site.yard(story.clip.seed))
    return Scene(
        handle,
        {
            "leaf": FixtureModel("leaf", site.gate_leaf()),
            "loose panel": FixtureModel("loose panel", site.loose_panel()),
            "truck": TruckModel(story.truck),
            "worker": RigModel("worker", story.worker),
        },
    )
