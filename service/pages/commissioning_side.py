"""The commissioning page's side: what is drawn, what it measures, what is wrong with it, and its versions."""

from collections.abc import Callable, Sequence

from nicegui import ui

from service.config.layout import CameraLayout
from service.domain.camera_news import CameraNews
from service.domain.kept_layout import KeptLayout, differences
from service.domain.layout_checks import Fault, Measures
from service.domain.layout_drawing import Drawing, Kind
from service.pages.case_facts import figure_shown
from service.pages.drawing_board import DrawingBoard
from service.pages.labels import FIGURES, figure_name, local_time
from service.pages.layout_svg import THINGS
from service.texts.catalogue import N_, Texts
from vision.ground_plane import Measured

CHANGES = {"added": N_("added"), "removed": N_("removed"), "changed": N_("changed")}
OTHER_THINGS = {"gates": N_("Gates in the perimeter"), "height": N_("Height of the hoarding's strip")}
FAULTS = (
    N_("a zone needs at least three points"),
    N_("the zone's outline crosses itself; give the points in order around it"),
    N_("the zone encloses nothing"),
    N_("an exit line needs two points, and a point at its outer side"),
    N_("outward lies on the exit line; give a point clearly outside the gate"),
    N_("the exit line is too short; draw it across the whole exit"),
    N_("the perimeter's line needs at least two different points"),
    N_("a gate is drawn but no perimeter line that it is in"),
    N_("a gate needs two points on the perimeter's line"),
    N_("a gate goes from a smaller to a larger fraction of the line, both from 0 to 1"),
    N_("a ground plane needs at least four points"),
    N_("the points lie on a line, or in one place; give four that span an area, no three in a row"),
    N_("the horizon would pass between the points; two of them are probably confused"),
    N_("the ground is mirrored; two points are confused, or y does not point to the left of x"),
    N_("a point lies at or above the horizon, where there is no ground to measure"),
    N_("a wash bay is drawn but no exit_line; draw both, or neither"),
    N_("an exit_line and a yard or perimeter are drawn; a camera watches a gate or these, not both"),
)
"""What the checks say, to be found in the catalogue; a text that is not here is shown as it is."""


def next_step(board: DrawingBoard, _: Texts) -> str:
    """Return what to do next, for who draws for the first time."""
    if not board.drawing.things:
        return _("First choose what to draw, then click its points on the picture, one after another.")
    if board.chosen is None:
        return _("Click a thing in the list, or a point on the picture, to change it.")
    name = _(THINGS[board.chosen.kind])
    if board.chosen.is_full:
        return _("{thing}: all points are there. Drag one to move it.").format(thing=name)
    return _("{thing}: click its points on the picture. Drag a point to move it.").format(thing=name)


def show_things(board: DrawingBoard, measured: Measures, _: Texts) -> None:
    """List what is drawn, each with what it measures on the ground."""
    for number, thing in enumerate(board.drawing.things):
        row = ui.element("div").classes("dw-cam-thing")
        row.classes("dw-selected" if number == board.thing else "")
        row.on("click", lambda number=number: board.choose(number))
        with row:
            ui.label(_(THINGS[thing.kind])).classes("dw-cut")
            ui.label(_size_text(number, measured) or _("{count} points").format(count=len(thing.points)))
            button = ui.button(icon="delete").props("flat dense color=none size=sm")
            button.on("click.stop", lambda number=number: board.remove_thing(number))
            button.props["aria-label"] = _("Take away: {thing}").format(thing=_(THINGS[thing.kind]))


def show_faults(drawing: Drawing, found: Sequence[Fault], _: Texts) -> None:
    """Tell what keeps the drawing from being saved."""
    for fault in found:
        about = "" if fault.thing is None else f"{_(THINGS[drawing.things[fault.thing].kind])}: "
        ui.label(about + _(fault.reason)).classes("dw-bad").props("role=alert")


def show_standing(news: CameraNews, versions: Sequence[KeptLayout], _: Texts) -> None:
    """Tell which version the edge goes by, what it refused, and what the rules measure with it."""
    in_force = news.layout_version
    text = _("In force: version {version}").format(version=in_force) if in_force else _("In force: the edge's own file")
    ui.label(text)
    if news.refused is not None:
        told = _("The edge could not apply version {version}: {reason}")
        ui.label(told.format(version=news.refused.version, reason=_(news.refused.reason))).classes("dw-note")
    elif versions and versions[0].version != in_force:
        ui.label(_("Version {version} waits for the edge").format(version=versions[0].version)).classes("dw-found")
    figures = {name: value for name, value in news.figures.items() if name in FIGURES}
    if figures:
        ui.label(_("What the rules measure here")).classes("dw-row-rule")
    for name, value in figures.items():
        ui.label(f"{figure_name(name, _)}: {' '.join(figure_shown(name, value, _)).strip()}").classes(
            "dw-past dw-muted"
        )


def show_versions(
    versions: Sequence[KeptLayout],
    on_compare: Callable[[KeptLayout], None],
    on_restore: Callable[[KeptLayout], None],
    _: Texts,
) -> None:
    """List the versions, the newest first, each to be compared with what is drawn or to be drawn again."""
    for kept in versions:
        with ui.element("div").classes("dw-cam-row").props(f"data-version={kept.version}"):
            ui.label(_("Version {version}").format(version=kept.version)).classes("dw-row-rule")
            ui.label(f"{local_time(kept.at)} {kept.by}").classes("dw-muted")
            ui.label(kept.note).classes("dw-muted")
            ui.button(_("Compare"), on_click=lambda kept=kept: on_compare(kept)).props("outline dense no-caps")
            ui.button(_("Draw again"), on_click=lambda kept=kept: on_restore(kept)).props("outline dense no-caps")


def difference_lines(before: KeptLayout, now: CameraLayout, _: Texts) -> list[str]:
    """Return what differs between a version and what is drawn now, a line a thing."""
    lines = []
    for each in differences(before.layout, now):
        name, _sep, number = each.thing.rpartition("_") if each.thing[-1].isdigit() else (each.thing, "", "")
        thing = f"{_(THINGS[Kind(name)]) if name in set(Kind) else _(OTHER_THINGS[name])} {number}".strip()
        points = f"{each.points_before} → {each.points_after}"
        lines.append(f"{thing}: {_(CHANGES[each.change])} ({_('points')} {points})")
    return lines


def _size_text(number: int, measured: Measures) -> str:
    if number in measured.areas:
        return _with_error(measured.areas[number], "m²")
    return _with_error(measured.lengths[number], "m") if number in measured.lengths else ""


def _with_error(measured: Measured, unit: str) -> str:
    return f"{measured.value:.1f} ± {measured.error:.1f} {unit}"
