"""Lights a procedural scene in Blender: sun, clouds, a panorama, dusk, or lamps at night."""

from math import radians
from pathlib import Path

import bpy
import mathutils

from datasets.render.materials import Handle, Rgb
from datasets.render.scenes.layout import Layout
from datasets.render.scenes.views import Light, Sky


def add_light(scene: Handle, layout: Layout, sky: Sky) -> None:
    """Light the scene by sun and sky, clouds, a panorama, or lamps."""
    world = bpy.data.worlds.new("sky")
    scene.world = world
    world.use_nodes = True
    tree, background = world.node_tree, world.node_tree.nodes["Background"]
    if sky.light is Light.PANORAMA:
        _panorama(tree, background, sky)
    elif sky.light is Light.OVERCAST:
        background.inputs["Color"].default_value = (0.72, 0.76, 0.82, 1)
        background.inputs["Strength"].default_value = 1.0 * sky.strength
    elif sky.light is Light.NIGHT:
        background.inputs["Color"].default_value = (0.05, 0.06, 0.09, 1)
        background.inputs["Strength"].default_value = 1.5 * sky.strength
        _lamps(scene, layout)
    else:
        _clear_sky(scene, tree, background, sky)


def _clear_sky(scene: Handle, tree: Handle, background: Handle, sky: Sky) -> None:
    node = tree.nodes.new("ShaderNodeTexSky")
    node.sky_type, node.sun_disc = "NISHITA", False
    node.sun_elevation, node.sun_rotation = radians(sky.elevation), radians(sky.azimuth)
    node.dust_density = 2.0
    dusk = sky.light is Light.DUSK
    background.inputs["Strength"].default_value = 0.3 * sky.strength * (2.2 if dusk else 1.0)
    tree.links.new(node.outputs["Color"], background.inputs["Color"])
    _sun(
        scene,
        sky.elevation,
        sky.azimuth,
        1.2 if dusk else 3.2 * sky.strength,
        (1.0, 0.6, 0.35) if dusk else (1, 0.95, 0.88),
    )


def _sun(scene: Handle, elevation: float, azimuth: float, energy: float, colour: Rgb) -> None:
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.angle, sun.color = energy, radians(1.0), colour
    lamp = bpy.data.objects.new("sun", sun)
    lamp.rotation_euler = (radians(90 - elevation), 0, radians(azimuth))
    scene.collection.objects.link(lamp)


def _panorama(tree: Handle, background: Handle, sky: Sky) -> None:
    folder = Path(bpy.utils.system_resource("DATAFILES")) / "studiolights" / "world"
    image = tree.nodes.new("ShaderNodeTexEnvironment")
    image.image = bpy.data.images.load(str(folder / f"{sky.panorama}.exr"))
    place, turn = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("ShaderNodeMapping")
    turn.inputs["Rotation"].default_value = (0, 0, radians(sky.azimuth))
    tree.links.new(place.outputs["Generated"], turn.inputs["Vector"])
    tree.links.new(turn.outputs["Vector"], image.inputs["Vector"])
    tree.links.new(image.outputs["Color"], background.inputs["Color"])
    background.inputs["Strength"].default_value = 1.1 * sky.strength


def _lamps(scene: Handle, layout: Layout) -> None:
    for x, y, z in layout.surroundings.lamps:
        bulb = bpy.data.lights.new("lamp", "SPOT")
        bulb.energy, bulb.spot_size, bulb.color = 20000, radians(150), (1.0, 0.86, 0.66)
        bulb.shadow_soft_size = 0.3
        made = bpy.data.objects.new("lamp", bulb)
        made.location = mathutils.Vector((x, y, z + 0.5))
        scene.collection.objects.link(made)
