"""Which cases are looked for, and the conditions that find them on either database."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session, aliased

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.cases import CaseState
from service.domain.office.levels import ControlLevel
from service.storage.scope_rows import in_scope
from service.storage.tables import CaseRow, SiteRow

_NUMBER = re.compile(r"#?([0-9]{1,10})")
_MAX_ID = 2**31 - 1
_MOST_NAMED = 500


@dataclass(frozen=True)
class CaseFilter:
    """Which cases to list; None means all, and several conditions all hold.

    `district`, `street` and `level` are those of the site's entry in the list of sites. Found is from `found_from` up
    to, not including, `found_to`; due before `overdue_at` (all timezone-aware). `party` is whom the case was handed
    over to last, in full. `text` is a case's number (`#12` that alone), its key, or a part of its site's or camera's id
    or name, as the camera's newest case has it, in either case of letters.
    """

    state: CaseState | None = None
    rule: str | None = None
    camera_id: str | None = None
    site_id: str | None = None
    district: str | None = None
    street: str | None = None
    level: ControlLevel | None = None
    found_from: datetime | None = None
    found_to: datetime | None = None
    overdue_at: datetime | None = None
    party: str | None = None
    text: str | None = None
    scope: Scope = EVERYWHERE
    """Which sites' cases may be seen at all."""


def conditions(session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """Return what a case's row has to fulfil; asks the database which cameras a text means."""
    return [
        *in_scope(wanted.scope, CaseRow.site_id),
        *_of_the_case(wanted),
        *_of_the_site(session, wanted),
        *_of_the_text(session, wanted.text),
    ]


def _of_the_case(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    equal = (
        (CaseRow.state, None if wanted.state is None else wanted.state.value),
        (CaseRow.rule, wanted.rule),
        (CaseRow.camera_id, wanted.camera_id),
        (CaseRow.site_id, wanted.site_id),
        (CaseRow.assigned_to, wanted.party),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.found_from is not None:
        found.append(CaseRow.opened_at >= wanted.found_from)
    if wanted.found_to is not None:
        found.append(CaseRow.opened_at < wanted.found_to)
    if wanted.overdue_at is not None:
        found.append(CaseRow.due_at < wanted.overdue_at)
    return found


def _of_the_site(session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    equal = (
        (SiteRow.district, wanted.district),
        (SiteRow.street, wanted.street),
        (SiteRow.control_level, None if wanted.level is None else wanted.level.value),
    )
    places = [column == value for column, value in equal if value is not None]
    if not places:
        return []
    # With the sites by name the database knows how many cases to expect, and goes through them the quicker way; where
    # there are many, either way is quick.
    query = select(SiteRow.id).where(*places)
    sites = session.scalars(query.limit(_MOST_NAMED + 1)).all()
    return [CaseRow.site_id.in_(sites if len(sites) <= _MOST_NAMED else query)]


def _of_the_text(session: Session, text: str | None) -> list[ColumnElement[bool]]:
    if not text:
        return []
    either: list[ColumnElement[bool]] = []
    number = _NUMBER.fullmatch(text)
    if number and int(number[1]) <= _MAX_ID:
        either.append(CaseRow.id == int(number[1]))
    if number and text.startswith("#"):
        return [or_(false(), *either)]
    if len(text) == CaseRow.key.type.length:
        either.append(CaseRow.key == text.lower())
    if cameras := list(session.scalars(_cameras_named(text))):
        either.append(CaseRow.camera_id.in_(cameras))
    return [or_(false(), *either)]


def _cameras_named(text: str) -> Select[str]:
    """Return a query for the cameras whose newest case names them or their site like the text.

    It jumps from camera to camera along the index, so that it costs by cameras and not by cases. No index finds parts
    of Chinese words, which are shorter than the three letters that such indexes are made of.
    """
    first = select(CaseRow.camera_id).order_by(CaseRow.camera_id).limit(1).scalar_subquery()
    camera = select(first.label("id")).cte("camera", recursive=True)
    following = select(CaseRow.camera_id).where(CaseRow.camera_id > camera.c.id).order_by(CaseRow.camera_id).limit(1)
    camera = camera.union_all(select(following.scalar_subquery()).where(camera.c.id.is_not(None)))
    newest = aliased(CaseRow)
    newest_id = (
        select(CaseRow.id).where(CaseRow.camera_id == camera.c.id).order_by(CaseRow.opened_at.desc()).limit(1)
    ).scalar_subquery()
    names = (newest.camera_name, newest.site_name, newest.camera_id, newest.site_id)
    return (
        select(newest.camera_id)
        .select_from(camera)
        .join(newest, newest.id == newest_id)
        .where(or_(*(name.icontains(text, autoescape=True) for name in names)))
    )
