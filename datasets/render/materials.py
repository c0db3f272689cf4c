"""Materials by name, made of shader nodes."""

from typing import Any

import bpy

Rgb = tuple[float, float, float]
Handle = Any
"""Something of Blender's, which has no types."""

PAINTS: dict[str, Rgb] = {
    "red": (0.55, 0.02, 0.015),
    "green": (0.015, 0.20, 0.07),
    "orange": (0.75, 0.20, 0.01),
    "yellow": (0.80, 0.48, 0.02),
}
PLAIN: dict[str, tuple[Rgb, float, float]] = {
    "dark": ((0.03, 0.03, 0.032), 0.7, 0.0),
    "black": ((0.018, 0.018, 0.02), 0.5, 0.0),
    "glass": ((0.02, 0.03, 0.035), 0.06, 0.0),
    "chrome": ((0.6, 0.6, 0.62), 0.25, 1.0),
    "hub": ((0.35, 0.34, 0.33), 0.5, 0.4),
    "vest": ((0.85, 0.16, 0.01), 0.7, 0.0),
    "overalls": ((0.03, 0.04, 0.08), 0.9, 0.0),
    "hard hat": ((0.80, 0.55, 0.02), 0.4, 0.0),
    "face": ((0.42, 0.24, 0.16), 0.6, 0.0),
    "plate": ((0.85, 0.60, 0.02), 0.4, 0.0),
    "lamp": ((0.85, 0.86, 0.9), 0.1, 0.3),
    "amber": ((0.9, 0.30, 0.02), 0.3, 0.0),
    "white": ((0.75, 0.76, 0.76), 0.5, 0.0),
    "blue": ((0.015, 0.11, 0.42), 0.45, 0.0),
    "steel": ((0.25, 0.26, 0.27), 0.5, 0.6),
    "crane": ((0.8, 0.5, 0.03), 0.5, 0.0),
    "leaf": ((0.05, 0.12, 0.03), 0.9, 0.0),
    "wet": ((0.035, 0.036, 0.036), 0.12, 0.0),
    "track": ((0.035, 0.033, 0.03), 0.8, 0.3),
    "trousers": ((0.03, 0.04, 0.08), 0.9, 0.0),
    "skin": ((0.45, 0.25, 0.17), 0.6, 0.0),
    "helmet": ((0.8, 0.6, 0.05), 0.3, 0.0),
    "bark": ((0.10, 0.07, 0.05), 0.9, 0.0),
    "drum": ((0.62, 0.63, 0.62), 0.5, 0.0),
    "body": ((0.70, 0.71, 0.72), 0.5, 0.0),
}
# First and second colour, size of the pattern, roughness, strength of the bumps.
PATCHY: dict[str, tuple[Rgb, Rgb, float, float, float]] = {
    "rubber": ((0.022, 0.021, 0.02), (0.10, 0.075, 0.05), 3.0, 0.9, 0.1),
    "load": ((0.15, 0.09, 0.05), (0.27, 0.18, 0.11), 4.0, 1.0, 0.6),
    "soil": ((0.23, 0.155, 0.10), (0.34, 0.25, 0.17), 0.35, 1.0, 0.7),
    "heap": ((0.20, 0.13, 0.08), (0.36, 0.25, 0.16), 0.9, 1.0, 1.0),
    "net": ((0.03, 0.10, 0.05), (0.09, 0.21, 0.11), 1.5, 0.9, 0.5),
    "bare earth": ((0.25, 0.17, 0.11), (0.40, 0.29, 0.20), 0.9, 1.0, 1.0),
    "fresh net": ((0.05, 0.20, 0.09), (0.13, 0.36, 0.17), 1.2, 0.9, 0.6),
    "gravel": ((0.22, 0.215, 0.205), (0.40, 0.39, 0.37), 2.5, 1.0, 0.5),
    "grass": ((0.10, 0.15, 0.04), (0.24, 0.24, 0.10), 0.8, 1.0, 0.8),
    "concrete": ((0.30, 0.295, 0.28), (0.43, 0.42, 0.40), 0.6, 0.85, 0.15),
    "mud": ((0.19, 0.14, 0.095), (0.33, 0.29, 0.24), 1.2, 0.9, 0.3),
    "asphalt": ((0.06, 0.06, 0.062), (0.10, 0.10, 0.10), 1.5, 0.85, 0.2),
    "hoarding": ((0.012, 0.10, 0.40), (0.05, 0.17, 0.45), 0.5, 0.45, 0.0),
    "band": ((0.62, 0.62, 0.60), (0.78, 0.78, 0.77), 0.5, 0.5, 0.0),
    "scaffold": ((0.05, 0.16, 0.10), (0.10, 0.25, 0.16), 0.4, 0.9, 0.2),
    "frame": ((0.33, 0.32, 0.30), (0.45, 0.44, 0.42), 0.5, 0.9, 0.1),
}


WET_MUD: tuple[Rgb, Rgb] = ((0.11, 0.07, 0.04), (0.27, 0.185, 0.115))
MUDDY = "muddy:"
"""In front of any material's name: the same, with mud that a truck has thrown up."""


def material(name: str) -> Handle:
    """Return the material of that name, made at the first call.

    `paint:red` is red car paint, dusty below; `muddy:paint:red` is the same with mud thrown up to the tail's height.
    """
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    clean = name.removeprefix(MUDDY)
    if clean.startswith("paint:"):
        _paint(made.node_tree, shader, PAINTS[clean.partition(":")[2]])
    elif clean in PATCHY:
        _patchy(made.node_tree, shader, clean)
    else:
        colour, roughness, metallic = PLAIN[clean]
        shader.inputs["Base Color"].default_value = (*colour, 1)
        shader.inputs["Roughness"].default_value = roughness
        shader.inputs["Metallic"].default_value = metallic
    if clean != name:
        _throw_mud(made.node_tree, shader)
    return made


def add_noise(tree: Handle, size: float) -> Handle:
    """Add a noise pattern in the object's own metres and return its node."""
    place = tree.nodes.new("ShaderNodeTexCoord")
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = size
    noise.inputs["Detail"].default_value = 5.0
    noise.inputs["Roughness"].default_value = 0.65
    tree.links.new(place.outputs["Object"], noise.inputs["Vector"])
    return noise


def add_mix(tree: Handle, factor: Handle, first: Rgb, second: Rgb) -> Handle:
    """Add a mix of two colours and return its node."""
    mix = tree.nodes.new("ShaderNodeMixRGB")
    mix.inputs["Color1"].default_value = (*first, 1)
    mix.inputs["Color2"].default_value = (*second, 1)
    tree.links.new(factor, mix.inputs["Fac"])
    return mix


def add_range(tree: Handle, value: Handle, low: float, high: float) -> Handle:
    """Add a node that stretches low..high to 0..1 and return its output."""
    node = tree.nodes.new("ShaderNodeMapRange")
    node.inputs["From Min"].default_value = low
    node.inputs["From Max"].default_value = high
    tree.links.new(value, node.inputs["Value"])
    return node.outputs["Result"]


def _patchy(tree: Handle, shader: Handle, name: str) -> None:
    first, second, size, roughness, bumps = PATCHY[name]
    noise = add_noise(tree, size)
    mix = add_mix(tree, add_range(tree, noise.outputs["Fac"], 0.35, 0.65), first, second)
    tree.links.new(mix.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Specular IOR Level"].default_value = 0.25
    if bumps:
        bump = tree.nodes.new("ShaderNodeBump")
        bump.inputs["Strength"].default_value = bumps
        bump.inputs["Distance"].default_value = 0.3
        fine = add_noise(tree, size * 6)
        tree.links.new(fine.outputs["Fac"], bump.inputs["Height"])
        tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])


def _paint(tree: Handle, shader: Handle, colour: Rgb) -> None:
    place = tree.nodes.new("ShaderNodeTexCoord")
    split = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(place.outputs["Object"], split.inputs["Vector"])
    noise = add_noise(tree, 1.6)
    low = add_range(tree, split.outputs["Z"], 2.4, 0.3)
    product = tree.nodes.new("ShaderNodeMath")
    product.operation = "MULTIPLY"
    tree.links.new(low, product.inputs[0])
    tree.links.new(add_range(tree, noise.outputs["Fac"], 0.3, 0.75), product.inputs[1])
    mix = add_mix(tree, product.outputs["Value"], colour, (0.30, 0.22, 0.15))
    tree.links.new(mix.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.35


def _throw_mud(tree: Handle, shader: Handle) -> None:
    """Lay mud over what the shader shows: caked below, splashed higher up; rough where it lies."""
    place = tree.nodes.new("ShaderNodeTexCoord")
    split = tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(place.outputs["Object"], split.inputs["Vector"])
    low = add_range(tree, split.outputs["Z"], 2.9, 0.7)
    splashes = add_range(tree, add_noise(tree, 2.2).outputs["Fac"], 0.2, 0.8)
    reach = tree.nodes.new("ShaderNodeMath")
    reach.operation = "ADD"
    tree.links.new(low, reach.inputs[0])
    tree.links.new(splashes, reach.inputs[1])
    covered = add_range(tree, reach.outputs["Value"], 0.85, 1.1)
    mud = add_mix(tree, add_range(tree, add_noise(tree, 5.0).outputs["Fac"], 0.35, 0.65), *WET_MUD)
    laid = tree.nodes.new("ShaderNodeMixRGB")
    tree.links.new(covered, laid.inputs["Fac"])
    below = shader.inputs["Base Color"]
    if below.is_linked:
        tree.links.new(below.links[0].from_socket, laid.inputs["Color1"])
    else:
        laid.inputs["Color1"].default_value = below.default_value
    tree.links.new(mud.outputs["Color"], laid.inputs["Color2"])
    tree.links.new(laid.outputs["Color"], below)
    rough = tree.nodes.new("ShaderNodeMix")
    rough.inputs["A"].default_value = shader.inputs["Roughness"].default_value
    rough.inputs["B"].default_value = 0.95
    tree.links.new(covered, rough.inputs["Factor"])
    tree.links.new(rough.outputs["Result"], shader.inputs["Roughness"])
