"""Materials of procedural scenes, made of shader nodes with the scene's own colours."""

from dataclasses import dataclass

import bpy
import numpy as np

from datasets.render.materials import Handle, Rgb, add_mix, add_noise, add_range


@dataclass(frozen=True)
class Patchy:
    """A rough, spotted surface: two colours, size of the spots (per metre), roughness, height of the bumps (metres).

    `grain` is how strongly (0..1) fine grains show; 0 is a smooth surface.
    """

    first: Rgb
    second: Rgb
    size: float
    roughness: float = 0.95
    bumps: float = 0.1
    fine: float = 6.0
    grain: float = 0.55


def scaled(colour: Rgb, gain: float) -> Rgb:
    """Return a lighter or darker colour."""
    return (colour[0] * gain, colour[1] * gain, colour[2] * gain)


def patchy(name: str, look: Patchy) -> Handle:
    """Make a spotted material."""
    made, tree, shader = _start(name, look.roughness)
    coarse, fine = add_noise(tree, look.size), add_noise(tree, look.size * look.fine)
    spots = add_mix(tree, add_range(tree, coarse.outputs["Fac"], 0.35, 0.65), look.first, look.second)
    grains = tree.nodes.new("ShaderNodeMixRGB")
    grains.blend_type = "MULTIPLY"
    grains.inputs["Fac"].default_value = look.grain
    tree.links.new(spots.outputs["Color"], grains.inputs["Color1"])
    grey = add_mix(tree, add_range(tree, fine.outputs["Fac"], 0.3, 0.7), (0.45, 0.45, 0.45), (1.25, 1.25, 1.25))
    tree.links.new(grey.outputs["Color"], grains.inputs["Color2"])
    tree.links.new(grains.outputs["Color"], shader.inputs["Base Color"])
    if look.bumps:
        _bump(tree, shader, fine.outputs["Fac"], look.bumps)
    return made


def mesh_net(name: str, colour: Rgb) -> Handle:
    """Make a dust net: woven, with folds and lighter worn places."""
    made, tree, shader = _start(name, 0.8)
    worn, folds = add_noise(tree, 0.35), add_noise(tree, 2.2)
    folds.inputs["Distortion"].default_value = 1.5
    mix = add_mix(tree, add_range(tree, worn.outputs["Fac"], 0.3, 0.75), scaled(colour, 0.75), scaled(colour, 1.5))
    tree.links.new(mix.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Specular IOR Level"].default_value = 0.35
    _bump(tree, shader, folds.outputs["Fac"], 0.25)
    return made


def bricks(name: str, colour: Rgb) -> Handle:
    """Make brickwork."""
    made, tree, shader = _start(name, 0.9)
    place = tree.nodes.new("ShaderNodeTexCoord")
    brick = tree.nodes.new("ShaderNodeTexBrick")
    brick.inputs["Color1"].default_value = (*colour, 1)
    brick.inputs["Color2"].default_value = (*scaled(colour, 0.7), 1)
    brick.inputs["Mortar"].default_value = (0.4, 0.39, 0.37, 1)
    brick.inputs["Scale"].default_value = 3.5
    spread = tree.nodes.new("ShaderNodeMapping")
    spread.inputs["Rotation"].default_value = (1.5708, 0, 0)
    tree.links.new(place.outputs["Object"], spread.inputs["Vector"])
    tree.links.new(spread.outputs["Vector"], brick.inputs["Vector"])
    tree.links.new(brick.outputs["Color"], shader.inputs["Base Color"])
    return made


def paving(name: str, colour: Rgb, tile: float, wear: float) -> Handle:
    """Make paving of square tiles, `tile` metres wide, that differ by up to `wear` (0..1), with dark joints."""
    made, tree, shader = _start(name, 0.85)
    place = tree.nodes.new("ShaderNodeTexCoord")
    tiles = tree.nodes.new("ShaderNodeTexBrick")
    tiles.inputs["Color1"].default_value = (*colour, 1)
    tiles.inputs["Color2"].default_value = (*scaled(colour, 1 - wear), 1)
    tiles.inputs["Mortar"].default_value = (*scaled(colour, 0.5), 1)
    tiles.inputs["Mortar Size"].default_value = 0.02
    tiles.inputs["Brick Width"].default_value = tiles.inputs["Row Height"].default_value = 0.5
    tiles.inputs["Scale"].default_value = 0.5 / tile
    tree.links.new(place.outputs["Object"], tiles.inputs["Vector"])
    stains = add_noise(tree, 0.4)
    grey = add_mix(tree, add_range(tree, stains.outputs["Fac"], 0.3, 0.7), (1.0, 1.0, 1.0), (0.7, 0.68, 0.65))
    stained = tree.nodes.new("ShaderNodeMixRGB")
    stained.blend_type = "MULTIPLY"
    stained.inputs["Fac"].default_value = 0.6
    tree.links.new(tiles.outputs["Color"], stained.inputs["Color1"])
    tree.links.new(grey.outputs["Color"], stained.inputs["Color2"])
    tree.links.new(stained.outputs["Color"], shader.inputs["Base Color"])
    return made


def printed(name: str, random: np.random.Generator) -> Handle:
    """Make printed panels: fields of colour like landscapes and slogans."""
    made, tree, shader = _start(name, 0.5)
    base = (float(random.uniform(0.02, 0.7)), float(random.uniform(0.1, 0.6)), float(random.uniform(0.05, 0.7)))
    other = (float(random.uniform(0.3, 0.9)), float(random.uniform(0.3, 0.9)), float(random.uniform(0.3, 0.9)))
    shapes = tree.nodes.new("ShaderNodeTexVoronoi")
    shapes.inputs["Scale"].default_value = float(random.uniform(0.3, 1.2))
    place = tree.nodes.new("ShaderNodeTexCoord")
    tree.links.new(place.outputs["Object"], shapes.inputs["Vector"])
    mix = add_mix(tree, add_range(tree, shapes.outputs["Distance"], 0.2, 0.9), base, other)
    tree.links.new(mix.outputs["Color"], shader.inputs["Base Color"])
    return made


def sheet_metal(name: str, colour: Rgb) -> Handle:
    """Make painted sheet, a little soiled below."""
    return _soiled(name, colour, (0.25, 0.2, 0.15), mud=0.06, roughness=0.45, top=1.2)


def vehicle_paint(name: str, colour: Rgb, mud_colour: Rgb, mud: float, top: float = 3.2) -> Handle:
    """Make a vehicle's surface of which about `mud` (0..1) is caked, from below upwards to `top` metres."""
    return _soiled(name, colour, mud_colour, mud=mud, roughness=0.35, top=top)


def water(name: str) -> Handle:
    """Make standing muddy water."""
    made, _, shader = _start(name, 0.04)
    shader.inputs["Base Color"].default_value = (0.10, 0.085, 0.065, 1)
    shader.inputs["Specular IOR Level"].default_value = 0.8
    return made


def plain(name: str, colour: Rgb, roughness: float = 0.7) -> Handle:
    """Make an even surface."""
    made, _, shader = _start(name, roughness)
    shader.inputs["Base Color"].default_value = (*colour, 1)
    return made


def wetted(made: Handle) -> Handle:
    """Darken a material and let it shine, as after rain."""
    tree = made.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = 0.35
    for link in list(tree.links):
        if link.to_socket == shader.inputs["Base Color"]:
            dark = tree.nodes.new("ShaderNodeHueSaturation")
            dark.inputs["Value"].default_value = 0.6
            source = link.from_socket
            tree.links.remove(link)
            tree.links.new(source, dark.inputs["Color"])
            tree.links.new(dark.outputs["Color"], shader.inputs["Base Color"])
    return made


def _start(name: str, roughness: float) -> tuple[Handle, Handle, Handle]:
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = roughness
    return made, made.node_tree, shader


def _bump(tree: Handle, shader: Handle, height: Handle, metres: float) -> None:
    bump = tree.nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value = 0.8
    bump.inputs["Distance"].default_value = metres
    tree.links.new(height, bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])


def _soiled(name: str, colour: Rgb, dirt: Rgb, *, mud: float, roughness: float, top: float) -> Handle:
    """Cover a colour with dirt: more of it, and higher up, the larger `mud` is."""
    made, tree, shader = _start(name, roughness + 0.5 * mud)
    place = tree.nodes.new("ShaderNodeTexCoord")
    split = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(place.outputs["Object"], split.inputs["Vector"])
    coarse, fine = add_noise(tree, 1.1), add_noise(tree, 7.0)
    total = tree.nodes.new("ShaderNodeMath")
    total.operation = "ADD"
    tree.links.new(add_range(tree, split.outputs["Z"], top, 0.1), total.inputs[0])
    tree.links.new(coarse.outputs["Fac"], total.inputs[1])
    both = tree.nodes.new("ShaderNodeMath")
    both.operation = "MULTIPLY_ADD"
    tree.links.new(fine.outputs["Fac"], both.inputs[0])
    both.inputs[1].default_value = 0.45
    tree.links.new(total.outputs["Value"], both.inputs[2])
    # The sum runs from about 0.4 (top, no spots) to 1.9 (foot, full spots); the threshold sinks as mud grows.
    edge = 1.95 - 1.15 * mud
    factor = add_range(tree, both.outputs["Value"], edge - 0.12, edge + 0.12)
    spots = add_mix(tree, fine.outputs["Fac"], scaled(dirt, 0.6), scaled(dirt, 1.35))
    mix = tree.nodes.new("ShaderNodeMixRGB")
    mix.inputs["Color1"].default_value = (*colour, 1)
    tree.links.new(factor, mix.inputs["Fac"])
    tree.links.new(spots.outputs["Color"], mix.inputs["Color2"])
    tree.links.new(mix.outputs["Color"], shader.inputs["Base Color"])
    return made
