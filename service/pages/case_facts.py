"""What the manifest says about a case, as lines of label and value: pure, so that it is tested without a browser."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.cases import Case
from service.domain.lifecycle import HistoryEntry
from service.dust.exceedance import PM10_LIMIT
from service.pages.labels import STEPS, figure_name, figure_value, local_time, told_text
from service.texts.catalogue import Texts
from vision.evidence.manifest import Manifest, Plate

UPPER_LIMITS = frozenset({"mud_views", "muddy_share", "tsp_ug_m3", PM10_LIMIT.measure})
"""Measures that are a violation from their parameter on; others have to reach it."""


@dataclass(frozen=True)
class Figure:
    """A measure that decided; `limit` says what was asked for, empty when the manifest does not tell."""

    name: str
    value: str
    unit: str
    limit: str


@dataclass(frozen=True)
class Fact:
    """One line about the case; `is_long` asks for the whole width."""

    label: str
    value: str
    is_long: bool = False


def figures(case: Case, manifest: Manifest | None, _: Texts) -> list[Figure]:
    """Return the measures; a parameter of the same name is what they were held against."""
    limits = manifest.parameters if manifest else {}
    result = []
    for name, measured in case.measures.items():
        value, unit = figure_shown(name, measured, _)
        limit = ""
        if name in limits:
            template = _("violation from {value}") if name in UPPER_LIMITS else _("required: {value}")
            limit = template.format(value=" ".join(figure_shown(name, limits[name], _)).strip())
        result.append(Figure(figure_name(name, _), value, unit, limit))
    return result


def figure_shown(name: str, value: float, _: Texts) -> tuple[str, str]:
    """Return a measure's value and unit; people read a share as a percentage, but for a place along the line."""
    if name.endswith("_share") and name != "at_share":
        return f"{100 * value:.3g}", "%"
    return figure_value(name, value, _)


def facts(case: Case, manifest: Manifest | None, _: Texts) -> list[Fact]:
    """Return the lines about where, when and by what; without a manifest only what the queue itself knows."""
    lines = [
        Fact(_("Site"), _named(case.site_name, case.site_id)),
        Fact(_("Camera"), _named(case.camera_name, case.camera_id)),
        Fact(_("Time"), local_time(case.opened_at)),
        Fact(_("Received"), local_time(case.received_at)),
    ]
    if case.assigned_to:
        lines.append(Fact(_("Responsible party"), case.assigned_to))
    if case.due_at is not None:
        lines.append(Fact(_("Due"), local_time(case.due_at)))
    if manifest is not None:
        lines += _from_manifest(case, manifest, _)
    lines += [Fact(_("Violation key"), case.key, is_long=True), Fact("SHA-256", case.manifest_sha256, is_long=True)]
    return lines


def history(entries: Sequence[HistoryEntry], _: Texts) -> list[str]:
    """Return one line a step, newest first."""
    lines = []
    for entry in reversed(entries):
        who = entry.actor.name or _("somebody")
        told = told_text(entry.told, _)
        line = f"{local_time(entry.at)} {who} {_(STEPS[entry.step])}"
        lines.append(f"{line}: {told}" if told else line)
    return lines


def _from_manifest(case: Case, manifest: Manifest, _: Texts) -> list[Fact]:
    lines = []
    if manifest.before is not None:
        lines.append(Fact(_("Picture of before"), local_time(manifest.before.captured_at)))
    if manifest.clip is not None:
        seconds = (manifest.clip.ends_at - manifest.clip.starts_at).total_seconds()
        text = _("{seconds} s, complete") if manifest.clip.complete else _("{seconds} s, cut short")
        lines.append(Fact(_("Clip"), text.format(seconds=f"{seconds:.0f}")))
    elif manifest.clip_withheld is not None:
        lines.append(Fact(_("Clip"), _("None: private areas are painted over, and a clip can't be painted on")))
    if manifest.plate is not None:
        lines.append(Fact(_("Number plate (read by machine)"), _plate_text(manifest.plate, _)))
    for name, value in manifest.parameters.items():
        if name not in case.measures:
            lines.append(Fact(figure_name(name, _), " ".join(figure_shown(name, value, _)).strip()))
    if manifest.model is not None:
        lines.append(Fact(_("Model"), f"{manifest.model.name} ({manifest.model.sha256[:8]})"))
    lines.append(Fact(_("Software"), manifest.software))
    return lines


def _plate_text(plate: Plate, _: Texts) -> str:
    """Return the plate as read; what can't be a plate's text is not shown as one."""
    if not plate.valid:
        return _("not read")
    percent = min(99, int(plate.confidence * 100))
    return _("{text}, confidence {percent} %").format(text=plate.text, percent=percent)


def _named(name: str, identity: str) -> str:
    return name if name == identity else f"{name} ({identity})"
