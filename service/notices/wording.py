"""What people read of a notice: a headline and lines of label and value, Chinese first."""

from dataclasses import dataclass

from service.domain.lifecycle import Step
from service.notices.links import Links
from service.notices.notice import DUE_SOON, FOUND, OVERDUE, Notice, ToldStep
from service.pages.labels import STATES, STEP_BUTTONS, local_time, reason_text, rule_name
from service.texts.catalogue import N_, Texts

_HEADLINES = {
    FOUND: N_("New case"),
    DUE_SOON: N_("Case due soon"),
    OVERDUE: N_("Case overdue"),
}
_STEPS = {**STEP_BUTTONS, Step.CONFIRM: N_("Confirm"), Step.REJECT: N_("Reject"), Step.UNDO: N_("Take back")}


@dataclass(frozen=True)
class Message:
    """A notice in words; every text is one line, whatever the names in it hold."""

    headline: str
    lines: tuple[tuple[str, str], ...]
    url: str | None


def message_of(notice: Notice, links: Links, _: Texts) -> Message:
    """Return the notice in the language of `_`."""
    case = notice.case
    kind = _(_HEADLINES[notice.kind]) if notice.step is None else _(_STEPS[notice.step.step])
    headline = f"{kind} #{case.id} {rule_name(case.rule, _)} · {case.site_name}"
    lines = [
        (_("Site"), " · ".join(filter(None, [case.district, case.site_name]))),
        (_("Camera"), case.camera_name),
        (_("Time"), local_time(case.opened_at)),
        (_("State"), _(STATES[case.state])),
    ]
    if notice.step is not None:
        lines += _step_lines(notice.step, _)
    if case.assigned_to:
        lines.append((_("Responsible party"), case.assigned_to))
    if case.due_at is not None:
        lines.append((_("Due"), local_time(case.due_at)))
    return Message(
        _one_line(headline), tuple((label, _one_line(value)) for label, value in lines), links.of_case(case.id)
    )


def _step_lines(step: ToldStep, _: Texts) -> list[tuple[str, str]]:
    lines = [(_("By"), step.by)] if step.by else []
    if step.target_case is not None:
        lines.append((_("Other case"), f"#{step.target_case}"))
    if step.reason:
        lines.append((_("Reason"), reason_text(step.reason, _)))
    return lines


def _one_line(text: str) -> str:
    return " ".join(text.split())
