"""Puts the yard together in Blender."""

from datasets.render import blender
from datasets.render.scene import FixtureModel, Model, RigModel, Scene, TruckModel, empty
from datasets.render.yard import site
from datasets.render.yard.story import YardStory


def yard_scene(story: YardStory, width: int, height: int) -> Scene:
    """Return the yard with its net in strips, the excavator and the truck."""
    handle = empty(story.clip, width, height)
    blender.add("surroundings", site.surroundings())
    blender.add("soil", [site.soil()])
    blender.add("net", site.fixed_net())
    models: dict[str, Model] = {"excavator": RigModel("excavator", story.digger), "truck": TruckModel(story.truck)}
    for one in story.uncoverings:
        models[f"laid {one.strip}"] = FixtureModel(f"laid {one.strip}", site.laid_net(one.strip))
        models[f"drawn {one.strip}"] = FixtureModel(f"drawn {one.strip}", site.drawn_net(one.strip))
    return Scene(handle, models)
