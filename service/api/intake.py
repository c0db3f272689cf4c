"""Takes a package in: checks it, stores its evidence, and only then puts the case into the queue."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import structlog
from sqlalchemy.orm import Session

from service.accounts.machine_sites import holds
from service.accounts.principal import ANYBODY, Principal
from service.api.machine_reach import MachineReach
from service.api.upload import Upload
from service.clock import Clock, utc_now
from service.domain.cases import Case, LaterPackage
from service.errors import BadManifest, FirstPackageMissing, KeyMismatch, KeyTaken, LeaseSuperseded, WrongFiles
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.lease_store import LeaseStore, check_lease, note_chain
from service.storage.look_back_store import LookBackStore
from service.storage.package import Package, open_package
from service.storage.package_records import finding_of, later_package_of
from vision import tracing
from vision.evidence.chain import Head
from vision.evidence.manifest import DustRule, Follows, Stage

log = structlog.get_logger(__name__)


class Intake:
    """The door of the queue. Safe to call from several threads; the same package any number of times is one case."""

    def __init__(self, store: CaseStore, evidence: EvidenceFolder, clock: Clock = utc_now) -> None:
        self._store = store
        self._leases = LeaseStore(store.engine)
        self._look_backs = LookBackStore(store)
        self._reach = MachineReach(store.engine)
        self._evidence = evidence
        self._clock = clock

    def accept(self, key: str | None, upload: Upload, visitor: Principal = ANYBODY) -> tuple[Case, bool]:
        """Return the package's case, and whether the package is new; `key` is what the header Idempotency-Key holds.

        A package that follows another one joins the case of that one.

        Raises:
            ServiceError: one of the errors of `open_package` and `EvidenceFolder.receive`, or
            ForeignSite, ForeignCamera: the visitor's token is bound to other sites.
            KeyMismatch: the header names another violation than the manifest.
            WrongFiles: the files are not exactly those of the manifest.
            KeyTaken: the key belongs to another manifest.
            FirstPackageMissing: there is no case yet that this package could join.
            LeaseSuperseded: another node of a cluster has taken the camera since; nothing is stored.
            StorageBusy: the database is locked.
        """
        package = open_package(upload.manifest, upload.seal)
        self._reach.check(visitor, [(package.manifest.place.site_id, package.manifest.place.camera_id)])
        if key != package.key:
            raise KeyMismatch
        if isinstance(package.manifest.rule, DustRule):
            raise BadManifest(detail="rule: the service itself finds dust exceedances; nobody hands them in")
        _check_names(package, upload)
        if package.manifest.follows is not None:
            return self._join(package, package.manifest.follows, upload, visitor)
        known = self._store.by_key(package.key)
        if known is not None:
            self._check_is_same(known, package)
            return known, False
        self._check_lease(package)
        folder = self._evidence.receive(package, upload.files)
        # A crash right here leaves a folder without a case; the edge, without an answer, posts again and heals it.
        finding = finding_of(package, folder, self._clock())
        with self._taken_back_if_superseded(folder), _making_a_case(package):
            case, is_new = self._store.add_or_get(finding, then=lambda session: self._fence(session, package))
        if is_new:
            told = {"rule": case.rule, "camera": case.camera_id, "signed_by": package.key_id}
            log.info("case.found", case=case.id, key=case.key, **told)
        self._check_is_same(case, package)
        return case, is_new

    def _join(self, package: Package, follows: Follows, upload: Upload, visitor: Principal) -> tuple[Case, bool]:
        case = self._store.by_key(follows.key)
        if case is None:
            raise FirstPackageMissing(key=follows.key)
        manifest = package.manifest
        if (manifest.rule.value, manifest.place.camera_id) != (case.rule, case.camera_id):
            raise BadManifest(detail="follows: the violation is another rule's or camera's")
        if not holds(visitor, case.site_id):
            raise BadManifest(detail="follows: the violation is of a site that the token is not for")
        known = next((each for each in case.later if each.number == follows.number), None)
        if known is not None:
            self._check_is_same(known, package)
            return case, False
        self._check_is_asked_for(case, follows)
        self._check_lease(package)
        folder = self._evidence.receive(package, upload.files)
        add = self._store.add_later if follows.outcome is None else self._look_backs.answer
        later = later_package_of(package, follows, folder, self._clock())
        with self._taken_back_if_superseded(folder), _making_a_case(package):
            case, is_new = add(case.id, later, then=lambda session: self._fence(session, package))
        if is_new:
            told = {"number": follows.number, "stage": follows.stage.value, "outcome": follows.outcome}
            log.info("case.followed", case=case.id, key=package.key, camera=case.camera_id, **told)
        self._check_is_same(next(each for each in case.later if each.number == follows.number), package)
        return case, is_new

    def _check_is_same(self, known: Case | LaterPackage, package: Package) -> None:
        """Let pass what was received before; raise KeyTaken, or LeaseSuperseded where an owner before made the package.

        An owner that was cut off and the next one may both have taken the picture of a violation's end.
        """
        if known.manifest_sha256 != package.sha256:
            self._check_lease(package)
            raise KeyTaken(key=package.key)

    def _check_lease(self, package: Package) -> None:
        """Refuse early what an owner before found, so that nothing of it is stored; `_fence` decides."""
        self._leases.check(package.manifest.place.camera_id, package.manifest.lease, self._clock())

    def _fence(self, session: Session, package: Package) -> None:
        """In the transaction that makes the case: let pass the camera's present owner alone, note the chain."""
        manifest = package.manifest
        camera = manifest.place.camera_id
        check_lease(session, camera, manifest.lease, self._clock())
        if manifest.chain is not None:
            note_chain(
                session,
                Head(camera_id=camera, number=manifest.chain.number, sha256=package.sha256, package=package.key),
            )

    @contextmanager
    def _taken_back_if_superseded(self, folder: str) -> Iterator[None]:
        """Where the camera changed hands since the first check, take the evidence away again."""
        try:
            yield
        except LeaseSuperseded:
            self._evidence.discard(folder)
            raise

    def _check_is_asked_for(self, case: Case, follows: Follows) -> None:
        if follows.stage is not Stage.LOOK_BACK:
            return
        if all(each.number != follows.number for each in self._look_backs.of_case(case.id)):
            raise BadManifest(detail="follows: nobody asked for this look-back")


def _making_a_case(package: Package) -> AbstractContextManager[None]:
    manifest = package.manifest
    return tracing.span("case", package.key, camera_id=manifest.place.camera_id, rule=manifest.rule.value)


def _check_names(package: Package, upload: Upload) -> None:
    listed = {item.name for item in package.manifest.files}
    sent = set(upload.files)
    if listed != sent:
        raise WrongFiles(missing=sorted(listed - sent), extra=[name[:80] for name in sorted(sent - listed)])
