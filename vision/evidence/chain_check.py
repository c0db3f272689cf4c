"""Checks packages as the chains of their cameras: finds what was removed, reordered, signed again or cut off."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from vision.evidence.chain import NO_PREVIOUS, SignedHead
from vision.evidence.faults import Fault, Problem
from vision.evidence.manifest import MANIFEST_NAME, SIGNATURE_NAME, ChainLink, Manifest
from vision.evidence.signature import Signature, SignatureBad, read_signature


@dataclass(frozen=True)
class Chained:
    """A package of a chain, as it lies on the disk; a signature that does not hold is None."""

    package: Path
    camera_id: str
    link: ChainLink
    sha256: str
    """Of the manifest."""
    signature: Signature | None
    lease: int = 0
    """The token under which a node of a cluster watched the camera; 0 outside of clusters."""


@dataclass(frozen=True)
class ChainExtent:
    """How far a camera's chain reaches, and whether a head told where it has to end."""

    camera_id: str
    packages: int
    last_number: int
    has_head: bool


def read_chained(package: Path) -> Chained | None:
    """Return the package; None when it is in no chain, or can't be read (which `verify_package` tells)."""
    try:
        content = (package / MANIFEST_NAME).read_bytes()
        manifest = Manifest.model_validate_json(content)
    except (OSError, ValidationError):
        return None
    if manifest.chain is None:
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    signature, lease = _signature(package, content), manifest.lease or 0
    return Chained(package, manifest.place.camera_id, manifest.chain, sha256, signature, lease)


def check_chains(packages: Iterable[Chained], heads: Mapping[str, SignedHead]) -> tuple[list[Fault], list[ChainExtent]]:
    """Return what is wrong with each camera's chain, and how far it reaches.

    `heads` are those known, by camera; without its head, a cut-off end can't be seen.
    """
    cameras: dict[str, list[Chained]] = defaultdict(list)
    for one in packages:
        cameras[one.camera_id].append(one)
    faults: list[Fault] = []
    extents: list[ChainExtent] = []
    for camera in sorted(cameras.keys() | heads.keys()):
        chain = sorted(cameras[camera], key=lambda one: (one.link.number, one.package))
        faults += [*_order_faults(chain), *_key_faults(chain)]
        if camera in heads:
            faults += _head_faults(chain, heads[camera])
        last = chain[-1].link.number if chain else 0
        extents.append(ChainExtent(camera, len(chain), last, camera in heads))
    return faults, extents


def _order_faults(chain: Sequence[Chained]) -> list[Fault]:
    """Find gaps, numbers that come twice, and packages that do not follow the one before."""
    faults = []
    by_number: dict[int, list[Chained]] = defaultdict(list)
    for one in chain:
        by_number[one.link.number].append(one)
    before, hashes = 0, {NO_PREVIOUS}
    for number, found in by_number.items():
        first = found[0]
        if len(found) > 1:
            faults.append(_fault(first, Problem.DUPLICATED, number=number, times=len(found)))
        if number > before + 1:
            faults.append(_fault(first, Problem.REMOVED, first=before + 1, last=number - 1))
        else:
            faults += [
                _fault(one, Problem.REORDERED, number=number) for one in found if one.link.previous not in hashes
            ]
        before, hashes = number, {one.sha256 for one in found}
    return faults


def _key_faults(chain: Sequence[Chained]) -> list[Fault]:
    """Find packages whose key is neither that of the one before nor one that it leads to.

    Where another node of a cluster took the camera, which a higher lease tells, it goes on with its own key.
    """
    faults = []
    current: Signature | None = None
    lease = 0
    for one in chain:
        if one.signature is None:
            continue
        if current is None or one.lease > lease or one.signature.is_vouched_for({current.key_id}):
            current, lease = one.signature, max(lease, one.lease)
        else:
            ids = {"key": one.signature.key_id, "before": current.key_id}
            faults.append(_fault(one, Problem.RESIGNED, SIGNATURE_NAME, number=one.link.number, **ids))
    return faults


def _head_faults(chain: Sequence[Chained], signed: SignedHead) -> list[Fault]:
    head = signed.head
    last = chain[-1].link.number if chain else 0
    if last < head.number:
        place = chain[-1].package if chain else Path(head.package)
        figures = {"camera": head.camera_id, "found": last, "expected": head.number}
        return [Fault(place, MANIFEST_NAME, Problem.END_CUT, figures)]
    named = [one for one in chain if one.link.number == head.number]
    faults = []
    for one in named:
        if one.sha256 != head.sha256:
            faults.append(_fault(one, Problem.HEAD_DIFFERS, number=head.number))
        if one.signature is not None and one.signature.key_id != signed.signature.key_id:
            key = signed.signature.key_id
            faults.append(_fault(one, Problem.HEAD_OTHER_KEY, SIGNATURE_NAME, number=head.number, key=key))
    return faults


def _fault(at: Chained, kind: Problem, file: str = MANIFEST_NAME, **params: object) -> Fault:
    return Fault(at.package, file, kind, {"camera": at.camera_id, **params})


def _signature(package: Path, content: bytes) -> Signature | None:
    try:
        return read_signature((package / SIGNATURE_NAME).read_bytes(), content)
    except (OSError, SignatureBad):
        return None
