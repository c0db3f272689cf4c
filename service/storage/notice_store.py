"""Keeps what is told to whom, and how far it is: numbered notices, channels' turns, and what was given up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import ColumnElement, Engine, exists, func, or_, select, update
from sqlalchemy.orm import Session

from service.notices.notice import Notice, NumberedNotice
from service.notices.patience import GIVES_UP_AFTER, rest_after
from service.storage.database import lock_for_writing, storage_errors
from service.storage.notice_rows import notice_of
from service.storage.notice_tables import NoticeChannelRow, NoticeDeliveryRow, NoticeRow

LEASE = timedelta(minutes=2)
"""For how long nobody else sends to a channel after a service began to, or died while it did."""
MOST_ROUTED = 500
MOST_SENT = 20
"""In one turn."""

log = structlog.get_logger(__name__)


class DeliveryState(StrEnum):
    """How far a notice is on its way to a channel."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    SEEN = "seen"
    """Given up, and somebody has taken note of it."""


@dataclass(frozen=True)
class Outgoing:
    """A notice that is to be sent to the channel whose turn it is."""

    delivery_id: int
    notice: NumberedNotice


@dataclass(frozen=True)
class GivenUp:
    """Notices that never reached a channel, the first one of `first_at` (UTC), and why the last one did not."""

    channel: str
    count: int
    first_at: datetime
    problem: str


class NoticeStore:
    """The notices' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self) -> int:
        """Return the number of the newest notice, 0 where there is none; cheap enough to ask every second."""
        with Session(self._engine) as session:
            return session.scalar(_NEWEST) or 0

    def after(self, number: int, *, limit: int) -> tuple[NumberedNotice, ...]:
        """Return up to `limit` notices that came after the one of this number, oldest first."""
        with Session(self._engine) as session:
            return tuple(notice_of(row) for row in _rows_after(session, number, limit))

    def register(self, channel: str, now: datetime) -> None:
        """Make the channel known; one that is new is told what happens from now on."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            if session.get(NoticeChannelRow, channel) is None:
                newest = session.scalar(_NEWEST) or 0
                session.add(NoticeChannelRow(name=channel, routed_to=newest, rests_until=now))

    def has_work(self, channel: str, now: datetime) -> bool:
        """Return whether a turn of the channel would do anything; cheap enough to ask every second."""
        waits = exists().where(*_waits(channel))
        is_behind = func.coalesce(_NEWEST.scalar_subquery(), 0) > NoticeChannelRow.routed_to
        query = select(NoticeChannelRow.rests_until <= now, or_(waits, is_behind))
        with Session(self._engine) as session:
            is_awake, has_work = session.execute(query.where(NoticeChannelRow.name == channel)).one()
        return bool(is_awake and has_work)

    def take_turn(self, channel: str, wanted: Callable[[Notice], bool], now: datetime) -> tuple[Outgoing, ...]:
        """Return what is to be sent to the channel now, those that were tried least first.

        Nobody else gets a turn of the channel until `end_turn`, or until the lease is over. Notices that are too old
        are given up.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get_one(NoticeChannelRow, channel)
            if row.rests_until > now:
                return ()
            _route(session, row, wanted)
            session.flush()
            _give_up(session, channel, now)
            row.rests_until = now + LEASE
            query = (
                select(NoticeDeliveryRow.id, NoticeRow)
                .join(NoticeRow, NoticeRow.id == NoticeDeliveryRow.notice_id)
                .where(*_waits(channel))
                .order_by(NoticeDeliveryRow.attempts, NoticeDeliveryRow.id)
                .limit(MOST_SENT)
            )
            return tuple(Outgoing(number, notice_of(notice)) for number, notice in session.execute(query))

    def note_sent(self, channel: str, delivery_id: int, now: datetime) -> None:
        """Note that the notice arrived; the turn goes on."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            delivery = session.get_one(NoticeDeliveryRow, delivery_id)
            delivery.state, delivery.ended_at = DeliveryState.SENT.value, now
            delivery.attempts += 1
            row = session.get_one(NoticeChannelRow, channel)
            row.failures, row.rests_until = 0, now + LEASE

    def note_failure(self, channel: str, delivery_id: int, problem: str, now: datetime) -> None:
        """Note that the notice did not arrive; the turn is over, and the channel rests."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            delivery = session.get_one(NoticeDeliveryRow, delivery_id)
            delivery.attempts += 1
            delivery.problem = problem
            row = session.get_one(NoticeChannelRow, channel)
            row.failures += 1
            row.rests_until = now + rest_after(row.failures)

    def end_turn(self, channel: str, now: datetime) -> None:
        """Let the next turn of the channel begin."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            session.get_one(NoticeChannelRow, channel).rests_until = now

    def given_up(self) -> tuple[GivenUp, ...]:
        """Return, by channel, what was given up and nobody has taken note of yet."""
        is_given_up = NoticeDeliveryRow.state == DeliveryState.GIVEN_UP.value
        groups = (
            select(
                NoticeDeliveryRow.channel,
                func.count(),
                func.min(NoticeDeliveryRow.since, type_=NoticeDeliveryRow.since.type),
                func.max(NoticeDeliveryRow.id),
            )
            .where(is_given_up)
            .group_by(NoticeDeliveryRow.channel)
            .order_by(NoticeDeliveryRow.channel)
        )
        with Session(self._engine) as session:
            return tuple(
                GivenUp(channel, count, first, session.get_one(NoticeDeliveryRow, last).problem)
                for channel, count, first, last in session.execute(groups).all()
            )

    def take_note(self, channel: str) -> None:
        """Note that somebody knows what was given up for the channel."""
        swap = (
            update(NoticeDeliveryRow)
            .where(NoticeDeliveryRow.channel == channel, NoticeDeliveryRow.state == DeliveryState.GIVEN_UP.value)
            .values(state=DeliveryState.SEEN.value)
        )
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            session.execute(swap)


_NEWEST = select(func.max(NoticeRow.id))


def _rows_after(session: Session, number: int, limit: int) -> Sequence[NoticeRow]:
    return session.scalars(select(NoticeRow).where(NoticeRow.id > number).order_by(NoticeRow.id).limit(limit)).all()


def _waits(channel: str) -> tuple[ColumnElement[bool], ...]:
    return (NoticeDeliveryRow.channel == channel, NoticeDeliveryRow.state == DeliveryState.WAITING.value)


def _route(session: Session, channel: NoticeChannelRow, wanted: Callable[[Notice], bool]) -> None:
    """Make the deliveries of what is new; since numbers become visible in their order, none is passed over."""
    for row in _rows_after(session, channel.routed_to, MOST_ROUTED):
        channel.routed_to = row.id
        if wanted(notice_of(row).notice):
            waiting = DeliveryState.WAITING.value
            session.add(NoticeDeliveryRow(notice_id=row.id, channel=channel.name, state=waiting, since=row.at))


def _give_up(session: Session, channel: str, now: datetime) -> None:
    too_old = NoticeDeliveryRow.since <= now - GIVES_UP_AFTER
    given_up = {"state": DeliveryState.GIVEN_UP.value, "ended_at": now}
    found = session.scalars(
        update(NoticeDeliveryRow).where(*_waits(channel), too_old).values(given_up).returning(NoticeDeliveryRow.id)
    ).all()
    if found:
        log.error("notices.given_up", channel=channel, count=len(found))
