"""What is drawn on a camera's picture, as SVG of numbers and names from the catalogue alone."""

from html import escape

from service.domain.layout_drawing import AREAS, Drawing, Kind, Place
from service.texts.catalogue import N_, Texts
from vision.ground_plane import Size

THINGS = {
    Kind.YARD: N_("Yard"),
    Kind.WASH_BAY: N_("Wash bay"),
    Kind.EXIT_LINE: N_("Exit line"),
    Kind.OUTWARD: N_("Outer side"),
    Kind.PERIMETER: N_("Perimeter line"),
    Kind.GATE: N_("Gate in the perimeter"),
    Kind.MASK_OUT: N_("Area left out"),
    Kind.PRIVACY: N_("Private area"),
    Kind.GROUND: N_("Calibration points"),
}
COLOURS = {
    Kind.YARD: "#ffd34d",
    Kind.WASH_BAY: "#4dc3ff",
    Kind.EXIT_LINE: "#ff6b5e",
    Kind.OUTWARD: "#ff6b5e",
    Kind.PERIMETER: "#7ee081",
    Kind.GATE: "#ffffff",
    Kind.MASK_OUT: "#b9a3ff",
    Kind.PRIVACY: "#ff9ee5",
    Kind.GROUND: "#ffffff",
}
UNIT = 1280
"""Line widths and letters are for a picture this wide."""


def drawing_svg(
    drawing: Drawing, size: Size, _: Texts, *, dashed: bool = False, selected: tuple[int, int] | None = None
) -> str:
    """Return the drawing for a picture of this size (pixels); `selected` is a thing's number and a point's.

    Without a selection no points are shown but those of a calibration.
    """
    parts = []
    for number, thing in enumerate(drawing.things):
        points = [_pixels(at, size) for at in thing.points]
        parts.append(_outline(thing.kind, points, size, dashed=dashed))
        if points and not dashed and thing.kind is not Kind.GROUND:
            parts.append(_name(_(THINGS[thing.kind]), points[0], size, COLOURS[thing.kind]))
        if selected is not None or thing.kind in {Kind.GROUND, Kind.OUTWARD}:
            chosen = selected[1] if selected is not None and selected[0] == number else None
            parts += [_point(thing.kind, at, size, is_chosen=index == chosen) for index, at in enumerate(points)]
        if thing.kind is Kind.GROUND and not dashed:
            parts += [_name(str(index), at, size, "#ffffff") for index, at in enumerate(points, 1)]
    return "".join(parts)


def _outline(kind: Kind, points: list[Place], size: Size, *, dashed: bool) -> str:
    if len(points) < 2 or kind is Kind.GROUND:
        return ""
    width = size[0] / UNIT
    colour, through = COLOURS[kind], " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    shape = "polygon" if kind in AREAS and len(points) > 2 else "polyline"
    fill = f'fill="{colour}" fill-opacity="0.12"' if shape == "polygon" and not dashed else 'fill="none"'
    dash = f'stroke-dasharray="{9 * width:.1f} {6 * width:.1f}"' if dashed else ""
    thick = (7 if kind is Kind.GATE else 3) * width
    return f'<{shape} points="{through}" {fill} stroke="{colour}" stroke-width="{thick:.1f}" {dash} />'


def _point(kind: Kind, at: Place, size: Size, *, is_chosen: bool) -> str:
    unit = size[0] / UNIT
    radius, fill = (10 * unit, "#d9730d") if is_chosen else (6 * unit, "#14181d")
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" fill="{fill}" '
        f'stroke="{COLOURS[kind]}" stroke-width="{2.5 * unit:.1f}" />'
    )


def _name(text: str, at: Place, size: Size, colour: str) -> str:
    unit = size[0] / UNIT
    return (
        f'<text x="{at[0] + 12 * unit:.1f}" y="{max(20 * unit, at[1] - 10 * unit):.1f}" font-size="{18 * unit:.1f}" '
        f'fill="{colour}" stroke="#000" stroke-width="{4 * unit:.1f}" paint-order="stroke">{escape(text)}</text>'
    )


def _pixels(at: Place, size: Size) -> Place:
    return at[0] * size[0], at[1] * size[1]
