"""What can be found wrong with evidence: each problem has a name for machines and a sentence for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Problem(StrEnum):
    """The kinds of fault; the value is the English sentence with named places for the fault's figures."""

    MISSING = "it is missing"
    UNREADABLE = "it can't be read: {detail}"
    WRONG_SIZE = "it has {found} bytes instead of {expected}"
    CHANGED = "its contents have changed"
    STRANGER = "it does not belong to the package"
    SEAL_BROKEN = "the manifest and its seal do not fit together"
    SIGNATURE_BROKEN = "the manifest and its signature do not fit together: {detail}"
    UNTRUSTED = "it is signed with key {key}, which no trusted key vouches for"
    UNSIGNED = "it is not signed"
    REMOVED = "camera {camera}: packages {first} to {last} of the chain were removed"
    REORDERED = "camera {camera}: package {number} does not follow the one before it, which was changed or moved"
    DUPLICATED = "camera {camera}: number {number} comes {times} times in the chain"
    RESIGNED = "camera {camera}: package {number} is signed with another key, {key}, for which {before} does not vouch"
    END_CUT = "camera {camera}: the chain's end was cut off: it ends at {found}, its head says {expected}"
    HEAD_BROKEN = "the chain's head is not what was signed: {detail}"
    HEAD_DIFFERS = "camera {camera}: the chain's head names another package of number {number}"
    HEAD_OTHER_KEY = "camera {camera}: the chain's head is signed with key {key}, package {number} with another"
    NOT_AS_RECEIVED = "the queue received another manifest for case {case}"
    NOT_HERE = "camera {camera}: the queue has case {case} of this package, which was removed"


@dataclass(frozen=True)
class Fault:
    """One file of a package, or one place of a chain, that is not as it was."""

    package: Path
    file: str
    kind: Problem
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """The sentence in English."""
        return self.kind.value.format(**self.params)
