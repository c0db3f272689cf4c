"""How rules, states, figures and times are written for people."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from service.domain.cases import CaseState, Decision
from service.domain.lifecycle import Need, Step, Told
from service.texts.catalogue import N_, Texts
from streams.health.observation import HealthKind

LOCAL_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time zone without summer time, so no time zone database is needed."""

RULES = {
    "unwashed_truck": N_("Unwashed truck"),
    "uncovered_soil": N_("Uncovered soil"),
    "missing_hoarding": N_("Missing hoarding"),
    "dust_exceedance": N_("Dust exceedance"),
}
STATES = {
    CaseState.FOUND: N_("Waiting"),
    CaseState.UNSURE: N_("Unsure"),
    CaseState.CONFIRMED: N_("Confirmed"),
    CaseState.REJECTED: N_("Rejected"),
    CaseState.ASSIGNED: N_("Handed over"),
    CaseState.RECTIFYING: N_("Being put right"),
    CaseState.VERIFIED: N_("Verified"),
    CaseState.CLOSED: N_("Closed"),
    CaseState.PASSED: N_("Look-back passed"),
    CaseState.REOPENED: N_("Reopened"),
    CaseState.WITHDRAWN: N_("Withdrawn"),
    CaseState.MERGED: N_("Merged"),
}
DECISIONS = {
    Decision.CONFIRM: N_("confirmed"),
    Decision.REJECT: N_("rejected"),
    Decision.UNDO: N_("took the decision back"),
}
STEPS = {
    **{Step(decision.value): text for decision, text in DECISIONS.items()},
    Step.DOUBT: N_("could not tell"),
    Step.ASSIGN: N_("handed it over"),
    Step.DECLINE: N_("declined it"),
    Step.ACCEPT: N_("began to put it right"),
    Step.REPORT: N_("reported it put right"),
    Step.RETURN: N_("sent it back"),
    Step.VERIFY: N_("verified it"),
    Step.CLOSE: N_("closed it"),
    Step.PASS: N_("looked back: in order"),
    Step.REOPEN: N_("reopened it"),
    Step.WITHDRAW: N_("withdrew it"),
    Step.MERGE: N_("merged it"),
    Step.NOTE: N_("noted"),
}
"""What somebody did, as the history tells it."""
STEP_BUTTONS = {
    Step.DOUBT: N_("Leave to a reviewer"),
    Step.ASSIGN: N_("Hand over"),
    Step.DECLINE: N_("Decline"),
    Step.ACCEPT: N_("Begin to put right"),
    Step.REPORT: N_("Report as put right"),
    Step.RETURN: N_("Send back"),
    Step.VERIFY: N_("Verify"),
    Step.CLOSE: N_("Close this case"),
    Step.PASS: N_("Look-back: in order"),
    Step.REOPEN: N_("Look-back: violated again"),
    Step.WITHDRAW: N_("Withdraw"),
    Step.MERGE: N_("Merge into another"),
    Step.NOTE: N_("Add a note"),
}
"""What the page offers beside confirming, rejecting and taking back."""
NEEDS = {
    None: N_("Note (optional)"),
    Need.REASON: N_("Reason"),
    Need.PARTY: N_("Responsible party"),
    Need.TARGET_CASE: N_("Number of the other case"),
}
FIGURES = {
    "wash_seconds": N_("Time in the wash bay"),
    "within_seconds": N_("Washing counts for"),
    "bay_gap_seconds": N_("Absences from the bay that count as standing, up to"),
    "mud_views": N_("Views that show mud"),
    "muddy_share": N_("Share of the views that show mud"),
    "muddy_score": N_("Probability from which a view shows mud"),
    "muddy_is_violation": N_("Leaving muddy is a violation (1 yes, 0 no)"),
    "spray_seen": N_("Spray seen in the wash bay (1 yes, 0 no)"),
    "bare_soil_share": N_("Share of the zone that is bare soil"),
    "bare_soil_m2": N_("Bare soil"),
    "bare_soil_m2_error": N_("Bare soil, give or take"),
    "gap_share": N_("Gap, share of the line"),
    "gap_m": N_("Gap"),
    "gap_m_error": N_("Gap, give or take"),
    "at_share": N_("Where along the line (0 to 1)"),
    "looks": N_("Looks that it rests on"),
    "at": N_("Where along the line (0 to 1)"),
    "lasted_s": N_("Lasted in daylight"),
    "earthworks": N_("Earthworks seen (1 yes, 0 no)"),
    "by_ground_area": N_("Share of the ground's area, not of the picture's (1 yes, 0 no)"),
    "open_share": N_("Violation from this share"),
    "close_share": N_("Ends below this share"),
    "window_s": N_("Median over"),
    "grace_s": N_("Grace time"),
    "close_after_s": N_("Ends after being mended for"),
    "earthworks_factor": N_("Grace time longer during earthworks, times"),
    "tsp_ug_m3": N_("TSP"),
    "pm10_above_region_ug_m3": N_("PM10 above the region's"),
    "exceeded_s": N_("Above the limit for"),
    "average_minutes": N_("Averaged over, minutes"),
    "min_gap_share": N_("Smallest gap, share of the line"),
    "min_gap_m": N_("Smallest gap where calibrated"),
    "height": N_("Height looked at above the line, share of the picture"),
}
UNITS = {"seconds": N_("s"), "s": N_("s"), "m2": "m²", "m3": "µg/m³", "m": "m", "kmh": "km/h", "percent": "%"}
REASONS = {
    "was_washed": N_("The truck was washed"),
    "not_a_leaving_truck": N_("Not a truck that leaves"),
    "unclear": N_("The evidence does not show enough"),
    "duplicate": N_("The same violation is in the queue already"),
    "not_muddy": N_("The truck is not muddy"),
}
"""Why a case is rejected: the code that is stored, which training can use, and its text."""
HEALTH_KINDS = {
    HealthKind.OFFLINE: N_("Offline"),
    HealthKind.NO_KEYFRAME: N_("No keyframes"),
    HealthKind.FROZEN: N_("Picture frozen"),
    HealthKind.BLACK: N_("Black picture"),
    HealthKind.OVEREXPOSED: N_("Overexposed"),
    HealthKind.BLURRED_OR_DIRTY: N_("Blurred or dirty lens"),
    HealthKind.COVERED: N_("Lens covered"),
    HealthKind.MOVED: N_("Camera moved"),
    HealthKind.CLOCK_DRIFT: N_("Clock drifts"),
    HealthKind.BIT_RATE_COLLAPSE: N_("Bit rate collapsed"),
}


def rule_name(rule: str, _: Texts) -> str:
    """Return the rule's name; a rule that this version does not know is shown as it is."""
    return _(RULES[rule]) if rule in RULES else rule


def reason_text(reason: str, _: Texts) -> str:
    """Return the text of a stored reason: of its code, or what the inspector wrote."""
    return _(REASONS[reason]) if reason in REASONS else reason


def told_text(told: Told, _: Texts) -> str:
    """Return what came with a step, in one line: the party, the other case, the reason; empty where nothing."""
    other = f"#{told.target_case}" if told.target_case else ""
    return ": ".join(filter(None, [told.party, other, reason_text(told.reason, _)]))


def named_values(values: Mapping[str, str], _: Texts) -> dict[str, str]:
    """Return an error's values with states and steps by their names, where the service itself knows codes only."""
    steps = {**STEP_BUTTONS, Step.CONFIRM: N_("Confirm"), Step.REJECT: N_("Reject"), Step.UNDO: N_("Take back")}
    names: dict[str, dict[str, str]] = {
        "state": {state.value: text for state, text in STATES.items()},
        "step": {step.value: text for step, text in steps.items()},
    }
    return {
        place: _(names[place][value]) if value in names.get(place, {}) else value for place, value in values.items()
    }


def figure_name(name: str, _: Texts) -> str:
    """Return what a measure or parameter is called."""
    return _(FIGURES[name]) if name in FIGURES else name.replace("_", " ")


def figure_value(name: str, value: float, _: Texts) -> tuple[str, str]:
    """Return a measure's value and its unit, which the last word of its name tells; no unit when it tells none."""
    unit = UNITS.get(name.rsplit("_", 1)[-1], "")
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}", _(unit) if unit else ""


def local_time(moment: datetime) -> str:
    """Return the time at the site, to the second."""
    return moment.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H:%M:%S")


def short_time(moment: datetime, now: datetime) -> str:
    """Return the time at the site as lists show it: without the date when it is today's."""
    at, today = moment.astimezone(LOCAL_TIME), now.astimezone(LOCAL_TIME).date()
    return at.strftime("%H:%M:%S" if at.date() == today else "%m-%d %H:%M")
