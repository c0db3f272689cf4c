"""Takes the pictures of a stage: what the camera sees, and which part each pixel shows how far away."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import bpy
import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.render import blender
from datasets.render.camera import Camera
from datasets.render.materials import Handle

DEPTH_RANGE = 255.0
"""Metres; what lies farther away is given this depth."""


TONES = ("AgX", "Filmic", "Standard")


@dataclass(frozen=True)
class Shot:
    """One view: picture (height, width, 3) uint8 BGR, parts and depth in metres (height, width)."""

    picture: NDArray[np.uint8]
    parts: NDArray[np.uint8]
    depth: NDArray[np.float32]


def prepare(scene: Handle, size: tuple[int, int], seed: int, threads: int) -> None:
    """Set the renderer."""
    blender.choose_renderer(scene, *size, seed)
    # Cameras differ in how they render light; which one, the seed says.
    scene.view_settings.look = "None"
    scene.view_settings.view_transform = TONES[seed % len(TONES)]
    scene.cycles.max_bounces, scene.cycles.glossy_bounces = 2, 1
    if threads:
        scene.render.threads_mode, scene.render.threads = "FIXED", threads


def glance(scene: Handle, camera: Camera) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return small pictures of the parts that a camera would see, and their depth."""
    _hang(scene, camera)
    scene.render.resolution_percentage = 25
    try:
        with TemporaryDirectory() as folder, _Flat(scene):
            flat = _render(scene, Path(folder) / "parts.png", 1, 0.0)
    finally:
        scene.render.resolution_percentage = 100
    return _read_flat(flat)


def _read_flat(flat: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    return flat[:, :, 2].copy(), flat[:, :, 0].astype(np.float32) * np.float32(DEPTH_RANGE / 255)


def _hang(scene: Handle, camera: Camera) -> None:
    for old in [item for item in scene.objects if item.type == "CAMERA"]:
        bpy.data.objects.remove(old)
    blender.hang(scene, camera)


def shoot(scene: Handle, camera: Camera, samples: int, exposure: float) -> Shot:
    """Take one view."""
    _hang(scene, camera)
    with TemporaryDirectory() as folder:
        picture = _render(scene, Path(folder) / "picture.png", samples, exposure)
        with _Flat(scene):
            flat = _render(scene, Path(folder) / "parts.png", 1, 0.0)
    return Shot(picture, *_read_flat(flat))


def _render(scene: Handle, path: Path, samples: int, exposure: float) -> NDArray[np.uint8]:
    scene.cycles.samples = samples
    scene.cycles.use_adaptive_sampling = False
    scene.view_settings.exposure = exposure
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    image = cv2.imread(str(path))
    if image is None:
        raise OSError(f"Blender wrote no picture to {path}")
    return np.asarray(image, np.uint8)


class _Flat:
    """While entered, everything is drawn in the colour of its number (red) and depth (blue), without light."""

    def __init__(self, scene: Handle) -> None:
        self.scene = scene

    def __enter__(self) -> None:
        scene = self.scene
        cycles, view = scene.cycles, scene.view_settings
        self.kept = (
            view.view_transform,
            view.look,
            cycles.use_denoising,
            cycles.pixel_filter_type,
            cycles.filter_width,
        )
        self.world = scene.world
        scene.world = None
        view.look, view.view_transform = "None", "Raw"
        scene.render.dither_intensity = 0.0  # a dithered number would be another one
        cycles.use_denoising, cycles.pixel_filter_type, cycles.filter_width = False, "BOX", 0.01
        bpy.context.view_layer.material_override = _number_material()

    def __exit__(self, *_: object) -> None:
        scene = self.scene
        cycles, view = scene.cycles, scene.view_settings
        view.view_transform, look, cycles.use_denoising, cycles.pixel_filter_type, cycles.filter_width = self.kept
        view.look = look
        scene.world = self.world
        bpy.context.view_layer.material_override = None


def _number_material() -> Handle:
    found = bpy.data.materials.get("number")
    if found is not None:
        return found
    made = bpy.data.materials.new("number")
    made.use_nodes = True
    tree = made.node_tree
    number, camera = tree.nodes.new("ShaderNodeObjectInfo"), tree.nodes.new("ShaderNodeCameraData")
    colour, emission = tree.nodes.new("ShaderNodeCombineColor"), tree.nodes.new("ShaderNodeEmission")
    tree.links.new(_divided(tree, number.outputs["Object Index"], 255.0), colour.inputs["Red"])
    tree.links.new(_divided(tree, camera.outputs["View Z Depth"], DEPTH_RANGE), colour.inputs["Blue"])
    tree.links.new(colour.outputs["Color"], emission.inputs["Color"])
    tree.links.new(emission.outputs["Emission"], tree.nodes["Material Output"].inputs["Surface"])
    return made


def _divided(tree: Handle, value: Handle, by: float) -> Handle:
    node = tree.nodes.new("ShaderNodeMath")
    node.operation, node.use_clamp = "DIVIDE", True
    tree.links.new(value, node.inputs[0])
    node.inputs[1].default_value = by
    return node.outputs["Value"]
