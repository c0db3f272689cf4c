"""Keeps the leases of cameras, and what their watches remember from owner to owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, func, select, update
from sqlalchemy.orm import Session

from service.domain.cases import Case
from service.domain.leases import Lease, released, taken
from service.errors import LeaseSuperseded
from service.storage.case_rows import case_of
from service.storage.database import lock_for_writing, lock_rows_for_writing, storage_errors
from service.storage.lease_tables import CameraMemoryRow, LeaseRow
from service.storage.tables import CaseRow, LaterPackageRow
from vision.evidence.chain import Head
from vision.evidence.manifest import FIRST_LOOK_BACK, Stage

MOST_TOLD = 50
"""Cases, and later pictures, that a new owner is told of at most: more of them open at once in one camera's view are
out of all proportion."""


@dataclass(frozen=True)
class KeptPicture:
    """A later picture of the case whose key is `follows`; `captured_at` is UTC."""

    rule: str
    follows: str
    number: int
    stage: Stage
    captured_at: datetime


@dataclass(frozen=True)
class Kept:
    """What a camera's new owner goes on from: the memory, what it may not know, and the chain's end."""

    memory: str | None
    cases: tuple[Case, ...]
    """Newest first."""
    pictures: tuple[KeptPicture, ...]
    """Newest first, look-backs left out."""
    head: Head | None
    """None where no package came in under a lease yet."""


class LeaseStore:
    """Every method is safe from any thread; who takes a camera from another has its row for themselves."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(
        self, cameras: Sequence[str], holder: str, now: datetime, lasts: timedelta
    ) -> tuple[tuple[Lease, ...], int]:
        """Ask for cameras, or renew; return the lease of each that stands now, and the newest case's number.

        Who renews what they hold, which is nearly always so, waits for no other writer: nobody's token changes by it.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_rows_for_writing(session)
            renewed = _renewed(session, cameras, holder, now, lasts)
            if renewed is not None:
                return renewed, _newest_case(session)
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            newest = _newest_case(session)
            rows = {row.camera_id: row for row in session.scalars(_locked(cameras))}
            leases = []
            for camera in dict.fromkeys(cameras):
                row = rows.get(camera)
                lease = taken(_lease(row), camera, holder, now, lasts)
                if row is None:
                    row = LeaseRow(camera_id=camera)
                    session.add(row)
                    # What was found before there were leases is no open violation of the new owner's.
                    session.add(CameraMemoryRow(camera_id=camera, since_case=newest))
                row.holder, row.token, row.expires_at = lease.holder, lease.token, lease.expires_at
                leases.append(lease)
            return tuple(leases), newest

    def release(self, cameras: Sequence[str], holder: str, now: datetime) -> None:
        """End those leases that are the holder's."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_rows_for_writing(session)
            for row in session.scalars(_locked(cameras)):
                lease = released(_lease(row), holder, now)
                if lease is not None:
                    row.expires_at = lease.expires_at

    def kept(self, camera: str) -> Kept:
        """Return what the camera's owner, who took it before, goes on from."""
        with Session(self._engine) as session:
            memory, lease = session.get(CameraMemoryRow, camera), session.get(LeaseRow, camera)
            since = 0 if memory is None else memory.since_case
            query = select(CaseRow).where(CaseRow.camera_id == camera, CaseRow.id > since)
            rows = session.scalars(query.order_by(CaseRow.id.desc()).limit(MOST_TOLD))
            cases = tuple(map(case_of, rows))
            return Kept(None if memory is None else memory.memory, cases, _pictures(session, camera), _head(lease))

    def newest_case(self, camera: str) -> Case | None:
        """Return the camera's newest case, with its later pictures."""
        with Session(self._engine) as session:
            query = select(CaseRow).where(CaseRow.camera_id == camera).order_by(CaseRow.id.desc()).limit(1)
            row = session.scalar(query)
            return None if row is None else case_of(row)

    def keep(self, camera: str, token: int, memory: str, since_case: int, now: datetime) -> None:
        """Put the memory in the place of the one before; cases after number `since_case` it may not know.

        Raises:
            LeaseSuperseded: another owner has taken the camera, or nobody ever had.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_rows_for_writing(session)
            lease = _lease(session.get(LeaseRow, camera, with_for_update=True))  # nobody takes it until the end
            row = session.get(CameraMemoryRow, camera)
            if lease is None or row is None or lease.is_superseded(token, now):
                raise LeaseSuperseded(camera_id=camera)
            row.memory, row.since_case = memory, since_case

    def check(self, camera: str, token: int | None, now: datetime) -> None:
        """Let pass what the camera's present owner found. Raises LeaseSuperseded."""
        with Session(self._engine) as session:
            check_lease(session, camera, token, now)


def check_lease(session: Session, camera: str, token: int | None, now: datetime) -> None:
    """Let pass what the camera's present owner found, and all where there is no lease. Raises LeaseSuperseded."""
    lease = _lease(session.get(LeaseRow, camera))
    if lease is not None and lease.is_superseded(token, now):
        raise LeaseSuperseded(camera_id=camera)


def note_chain(session: Session, head: Head) -> None:
    """Remember how far the chain of a leased camera has come in."""
    row = session.get(LeaseRow, head.camera_id)
    if row is not None and (row.chain_number is None or head.number > row.chain_number):
        row.chain_number, row.chain_sha256, row.chain_package = head.number, head.sha256, head.package


def _locked(cameras: Sequence[str]) -> Select[LeaseRow]:
    """Select the cameras' rows, each locked until the transaction ends, always in the same order."""
    return select(LeaseRow).where(LeaseRow.camera_id.in_(cameras)).order_by(LeaseRow.camera_id).with_for_update()


_LEASE_COLUMNS = (LeaseRow.camera_id, LeaseRow.holder, LeaseRow.token, LeaseRow.expires_at)


def _renewed(
    session: Session, cameras: Sequence[str], holder: str, now: datetime, lasts: timedelta
) -> tuple[Lease, ...] | None:
    """Renew the leases where all of them are the holder's already; else change nothing and return None."""
    own = LeaseRow.holder == holder
    # Columns, since objects of rows would cost half of the whole, and each camera of a city is renewed each second.
    rows = session.execute(_locked(cameras).where(own).with_only_columns(*_LEASE_COLUMNS))
    standing = {row[0]: Lease(*row) for row in rows}
    wanted = tuple(dict.fromkeys(cameras))
    if len(standing) < len(wanted):
        return None
    leases = tuple(taken(standing[camera], camera, holder, now, lasts) for camera in wanted)
    renewal = update(LeaseRow).where(LeaseRow.camera_id.in_(wanted), own).values(expires_at=leases[0].expires_at)
    session.execute(renewal.execution_options(synchronize_session=False))
    return leases


def _pictures(session: Session, camera: str) -> tuple[KeptPicture, ...]:
    later = LaterPackageRow
    columns = (CaseRow.rule, CaseRow.key, later.number, later.stage, later.captured_at)
    query = select(*columns).join(CaseRow, CaseRow.id == later.case_id).where(CaseRow.camera_id == camera)
    newest = query.where(later.number < FIRST_LOOK_BACK).order_by(later.id.desc()).limit(MOST_TOLD)
    return tuple(
        KeptPicture(rule, key, number, Stage(stage), at) for rule, key, number, stage, at in session.execute(newest)
    )


def _newest_case(session: Session) -> int:
    return session.scalar(select(func.max(CaseRow.id))) or 0


def _lease(row: LeaseRow | None) -> Lease | None:
    return None if row is None else Lease(row.camera_id, row.holder, row.token, row.expires_at)


def _head(row: LeaseRow | None) -> Head | None:
    if row is None or row.chain_number is None or row.chain_sha256 is None or row.chain_package is None:
        return None
    return Head(camera_id=row.camera_id, number=row.chain_number, sha256=row.chain_sha256, package=row.chain_package)
