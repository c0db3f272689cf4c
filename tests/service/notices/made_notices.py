"""Notices to send, without a database."""

from datetime import UTC, datetime
from typing import Any

from service.domain.cases import CaseState
from service.domain.lifecycle import Role, Step
from service.domain.office.levels import ControlLevel
from service.notices.notice import FOUND, Notice, ToldCase, ToldStep

NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


def made_notice(step: ToldStep | None = None, kind: str = FOUND, **changes: Any) -> Notice:
    """Return a notice of case 7; `changes` are those of its case."""
    values: dict[str, Any] = {
        "id": 7,
        "key": "3f1d2c84-0000-4000-8000-000000000001",
        "rule": "unwashed_truck",
        "state": CaseState.FOUND,
        "site_id": "binjiang-1",
        "site_name": "滨江一号地块",
        "district": "滨江区",
        "control_level": ControlLevel.A,
        "camera_id": "gate",
        "camera_name": "东门出口",
        "opened_at": NOON,
        "due_at": None,
        "assigned_to": "",
        "measures": {"wash_seconds": 4.2},
    }
    case = ToldCase(**{**values, **changes})
    name = kind if step is None else step.step.value
    return Notice(key=f"{case.key}/{name}", kind=name, at=NOON, case=case, step=step)


def made_step(step: Step = Step.ASSIGN, **changes: Any) -> ToldStep:
    """Return a step."""
    values: dict[str, Any] = {
        "number": 2,
        "step": step,
        "by": "王工",
        "role": Role.REVIEWER,
        "reason": "",
        "party": "",
        "target_case": None,
    }
    return ToldStep(**{**values, **changes})
