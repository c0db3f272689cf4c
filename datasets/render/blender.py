"""Turns solids into Blender objects, and sets up light, camera and renderer."""

from collections.abc import Iterable, Mapping, Sequence
from math import radians
from pathlib import Path

import bpy
import mathutils

from datasets.render.camera import Camera
from datasets.render.materials import Handle, material
from datasets.render.plates import SUN_FROM
from datasets.render.solids import Solid


def clear() -> Handle:
    """Empty Blender and return its scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def add(
    name: str,
    solids: Iterable[Solid],
    *,
    paint: str = "",
    looks: Mapping[str, Handle] | None = None,
    bevel: float = 0.0,
) -> Handle:
    """Add the solids as one object and return it.

    Material `paint` becomes the given colour; `looks` are Blender materials that stand for names of the solids.
    """
    vertices: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    slots: list[str] = []
    indices: list[int] = []
    smooth: list[bool] = []
    for solid in solids:
        named = f"paint:{paint}" if paint and solid.material == "paint" else solid.material
        if named not in slots:
            slots.append(named)
        start = len(vertices)
        vertices += solid.vertices
        faces += [tuple(start + i for i in face) for face in solid.faces]
        indices += [slots.index(named)] * len(solid.faces)
        smooth += [solid.smooth] * len(solid.faces)
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices, [], faces)
    for slot in slots:
        mesh.materials.append(looks[slot] if looks and slot in looks else material(slot))
    mesh.polygons.foreach_set("material_index", indices)
    mesh.polygons.foreach_set("use_smooth", smooth)
    mesh.update()
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    if bevel:
        modifier = made.modifiers.new("bevel", "BEVEL")
        modifier.width, modifier.segments, modifier.limit_method = bevel, 1, "ANGLE"
    return made


def light(scene: Handle) -> None:
    """Add a hazy sky and the sun."""
    world = bpy.data.worlds.new("sky")
    scene.world = world
    world.use_nodes = True
    tree = world.node_tree
    sky = tree.nodes.new("ShaderNodeTexSky")
    sky.sky_type = "NISHITA"
    sky.sun_disc = False
    sky.sun_elevation, sky.sun_rotation = radians(46), radians(140)
    sky.dust_density, sky.air_density = 3.0, 1.2
    background = tree.nodes["Background"]
    background.inputs["Strength"].default_value = 0.3
    tree.links.new(sky.outputs["Color"], background.inputs["Color"])
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.angle, sun.color = 3.0, radians(1.2), (1.0, 0.95, 0.88)
    lamp = bpy.data.objects.new("sun", sun)
    lamp.rotation_euler = mathutils.Vector(SUN_FROM).to_track_quat("Z", "Y").to_euler()
    scene.collection.objects.link(lamp)


def hang(scene: Handle, camera: Camera) -> None:
    """Add the camera."""
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit, lens.angle = "HORIZONTAL", radians(camera.horizontal_view_degrees)
    lens.clip_end = 1000
    made = bpy.data.objects.new("camera", lens)
    made.location = camera.position
    ahead = mathutils.Vector(camera.target) - mathutils.Vector(camera.position)
    made.rotation_euler = ahead.to_track_quat("-Z", "Y").to_euler()
    scene.collection.objects.link(made)
    scene.camera = made


def choose_renderer(scene: Handle, width: int, height: int, seed: int) -> None:
    """Set Cycles on the processor, denoised."""
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = 100
    scene.render.use_persistent_data = True
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.image_settings.compression = 15
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.3
    cycles = scene.cycles
    cycles.device, cycles.seed, cycles.use_denoising, cycles.denoiser = "CPU", seed, True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 2, 1, 2
    cycles.denoising_prefilter, cycles.denoising_quality = "FAST", "BALANCED"
    cycles.transmission_bounces, cycles.caustics_reflective, cycles.caustics_refractive = 0, False, False
    cycles.sample_clamp_indirect = 4.0


def render(scene: Handle, path: Path, samples: int, crop: Sequence[int] | None = None) -> None:
    """Render to a PNG; `crop` is left, top, right, bottom in pixels."""
    scene.cycles.samples = samples
    scene.cycles.use_adaptive_sampling = False
    scene.render.use_border = scene.render.use_crop_to_border = crop is not None
    if crop is not None:
        width, height = scene.render.resolution_x, scene.render.resolution_y
        left, top, right, bottom = crop
        scene.render.border_min_x, scene.render.border_max_x = left / width, right / width
        scene.render.border_min_y, scene.render.border_max_y = 1 - bottom / height, 1 - top / height
    part = path.with_name(f"{path.stem}.part.png")
    scene.render.filepath = str(part)
    bpy.ops.render.render(write_still=True)
    part.replace(path)
