"""Checks folders of evidence packages: each by itself, as chains, and against what the queue received."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from service.domain.cases import Case, LaterPackage
from service.storage.case_store import CaseStore
from vision.evidence.chain import SignedHead, read_head
from vision.evidence.chain_check import Chained, ChainExtent, check_chains, read_chained
from vision.evidence.errors import HeadDamaged
from vision.evidence.faults import Fault, Problem
from vision.evidence.manifest import MANIFEST_NAME, Manifest
from vision.evidence.verify import verify_package

PAGE = 200


@dataclass(frozen=True)
class Reference:
    """What the packages are held against; None where it is not known."""

    trusted: Set[str] | None = None
    """Fingerprints of keys."""
    heads: Path | None = None
    """An edge's folder of chain heads."""
    cases: Sequence[Case] | None = None
    """All that the queue received."""


@dataclass(frozen=True)
class EvidenceReport:
    """What was found."""

    packages: int
    unsigned: int
    """How many packages are in no chain."""
    keys: frozenset[str]
    """Fingerprints of the keys that signed."""
    chains: Sequence[ChainExtent]
    faults: Sequence[Fault]


def check_evidence(packages: Sequence[Path], reference: Reference, *, as_chains: bool) -> EvidenceReport:
    """Check the packages; with `as_chains` also whether each camera's chain is unbroken."""
    faults = [fault for package in packages for fault in verify_package(package, reference.trusted)]
    found = [chained for package in packages if (chained := read_chained(package))]
    extents: list[ChainExtent] = []
    if as_chains:
        heads, head_faults = _read_heads(reference.heads, reference.trusted)
        broken, extents = check_chains(found, heads)
        faults += [*broken, *head_faults]
    if reference.cases is not None:
        faults += queue_faults(packages, reference.cases)
    keys = frozenset(one.signature.key_id for one in found if one.signature)
    return EvidenceReport(len(packages), _unsigned(packages, found), keys, extents, faults)


def queue_faults(packages: Sequence[Path], cases: Sequence[Case]) -> list[Fault]:
    """Find the cases of which a package is not among these, or has another manifest than the queue received."""
    here = {key: (package, sha256) for package in packages for key, sha256 in _key_and_sha256(package)}
    faults = []
    for case, received in [pair for one in cases for pair in _packages_of(one)]:
        package, sha256 = here.get(received.key, (None, ""))
        if package is None:
            figures = {"camera": case.camera_id, "case": case.id}
            faults.append(Fault(Path(received.folder), MANIFEST_NAME, Problem.NOT_HERE, figures))
        elif sha256 != received.manifest_sha256:
            faults.append(Fault(package, MANIFEST_NAME, Problem.NOT_AS_RECEIVED, {"case": case.id}))
    return faults


def _packages_of(case: Case) -> list[tuple[Case, Case | LaterPackage]]:
    return [(case, case), *((case, later) for later in case.later)]


def all_cases(store: CaseStore) -> list[Case]:
    """Return every case of the queue."""
    cases: list[Case] = []
    cursor: int | None = None
    while True:
        page = store.page(limit=PAGE, cursor=cursor)
        cases += page.cases
        cursor = page.next_cursor
        if cursor is None:
            return cases


def _read_heads(folder: Path | None, trusted: Set[str] | None) -> tuple[Mapping[str, SignedHead], list[Fault]]:
    heads: dict[str, SignedHead] = {}
    faults = []
    for path in sorted(folder.glob("*.json")) if folder else ():
        try:
            signed = read_head(path)
        except HeadDamaged as error:
            faults.append(Fault(path.parent, path.name, Problem.HEAD_BROKEN, {"detail": error.params["detail"]}))
            continue
        if trusted is not None and not signed.signature.is_vouched_for(trusted):
            faults.append(Fault(path.parent, path.name, Problem.UNTRUSTED, {"key": signed.signature.key_id}))
        heads[signed.head.camera_id] = signed
    return heads, faults


def _key_and_sha256(package: Path) -> Iterator[tuple[str, str]]:
    try:
        content = (package / MANIFEST_NAME).read_bytes()
    except OSError:
        return
    try:
        key = Manifest.model_validate_json(content).key
    except ValidationError:
        key = package.name
    yield key, hashlib.sha256(content).hexdigest()


def _unsigned(packages: Sequence[Path], chained: Sequence[Chained]) -> int:
    return len(packages) - len({one.package for one in chained})
