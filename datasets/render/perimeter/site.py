"""The perimeter as solids: a corrugated hoarding along x in panels, its sliding gate, the street, the yard behind."""

from datasets.render.site import background, heap, sheet
from datasets.render.solids import Solid, bar, box

PANEL = 2.5
"""Width of one panel; they stand at its multiples."""
HOARDING_X = (-30.0, 60.0)
GATE_X = (0.0, 5.0)
LOOSE_X = (10.0, 12.5)
"""The panel that goes missing."""
HEIGHT = 2.3
BEHIND = 0.16
"""Metres by which the loose panel moves back before it slides behind its neighbour."""
LEAF_Y = 0.34
PAVEMENT_Y = (-3.4, 0.0)


def panel(x: tuple[float, float], y: float = 0.0) -> list[Solid]:
    """Return corrugated sheet of a length: blue, with a white band and a rail on top."""
    return [
        sheet("hoarding", x, y, (0.04, HEIGHT - 0.4)),
        sheet("band", x, y, (HEIGHT - 0.4, HEIGHT)),
        box("blue", x, (y - 0.02, y + 0.08), (HEIGHT, HEIGHT + 0.05)),
    ]


def loose_panel() -> list[Solid]:
    """Return the panel that goes missing, where it belongs."""
    return panel(LOOSE_X)


def gate_leaf() -> list[Solid]:
    """Return the gate's leaf, closed."""
    x = (GATE_X[0] - 0.1, GATE_X[1] + 0.1)
    parts = [sheet("hoarding", x, LEAF_Y, (0.1, HEIGHT - 0.2))]
    front = LEAF_Y - 0.04
    parts += [bar("band", (x[0], front, z), (x[1], front, z), 0.09) for z in (0.14, 1.1, HEIGHT - 0.22)]
    parts += [bar("band", (at, front, 0.1), (at, front, HEIGHT - 0.2), 0.09) for at in (x[0], sum(x) / 2, x[1])]
    return parts


def fixed_hoarding() -> list[Solid]:
    """Return the panels that stay, all posts, and the gate's pillars."""
    (left, right), (gate_left, gate_right) = HOARDING_X, GATE_X
    parts: list[Solid] = []
    for stretch in ((left, gate_left - 0.3), (gate_right + 0.3, LOOSE_X[0]), (LOOSE_X[1], right)):
        parts += panel(stretch)
    posts = [left + i * PANEL for i in range(round((right - left) / PANEL) + 1)]
    for x in posts:
        if not gate_left <= x <= gate_right:
            parts.append(box("white", (x - 0.05, x + 0.05), (-0.07, 0.1), (0.0, HEIGHT + 0.12)))
    for x in (gate_left - 0.25, gate_right + 0.25):
        parts.append(box("white", (x - 0.25, x + 0.25), (-0.25, 0.25), (0.0, 2.7)))
        parts.append(box("blue", (x - 0.29, x + 0.29), (-0.29, 0.29), (2.7, 2.82)))
    parts.append(box("steel", (gate_left - 0.3, gate_right + 5.6), (LEAF_Y - 0.05, LEAF_Y + 0.08), (0.0, 0.05)))
    return parts


def street() -> list[Solid]:
    """Return the pavement, its kerb, the street with its marks, and the drive to the gate."""
    parts = [
        box("soil", (-300, 300), (0.3, 900), (-1.0, 0.0)),
        box("asphalt", (-300, 300), (-60, PAVEMENT_Y[0]), (-1.0, -0.1)),
        box("concrete", (-300, 300), (PAVEMENT_Y[0], 0.3), (-1.0, 0.0)),
        box("frame", (-300, 300), (PAVEMENT_Y[0] - 0.15, PAVEMENT_Y[0]), (-1.0, 0.015)),
        box("concrete", (GATE_X[0] - 0.5, GATE_X[1] + 0.5), (0.2, 30), (-1.0, 0.02)),
    ]
    parts += [box("dark", (i * 1.5, i * 1.5 + 0.03), PAVEMENT_Y, (0.0, 0.004)) for i in range(-20, 40)]
    parts += [box("white", (i * 6.0, i * 6.0 + 3.0), (-9.4, -9.25), (-0.1, -0.094)) for i in range(-10, 12)]
    parts.append(box("white", (-300, 300), (-3.95, -3.83), (-0.1, -0.094)))
    return parts


def yard(seed: int) -> list[Solid]:
    """Return what stands behind the hoarding."""
    places = [
        ("heap", 17.0, 12.0, 6.0, 2.6),
        ("heap", 2.0, 30.0, 8.0, 3.8),
        ("net", -14.0, 20.0, 8.0, 3.6),
        ("net", 30.0, 30.0, 9.0, 4.2),
        ("heap", 42.0, 18.0, 7.0, 3.0),
    ]
    return [*(heap(m, x, y, r, h, seed + i) for i, (m, x, y, r, h) in enumerate(places)), *background()]
