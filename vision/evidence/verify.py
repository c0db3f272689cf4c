"""Checks that an evidence package is what its manifest says, down to the last byte."""

import hashlib
from collections.abc import Set
from pathlib import Path

from pydantic import ValidationError

from vision.evidence.faults import Fault, Problem
from vision.evidence.manifest import MANIFEST_NAME, SEAL_NAME, SIGNATURE_NAME, EvidenceFile, Manifest
from vision.evidence.seal import SealBad, check_kind, check_seal
from vision.evidence.signature import SignatureBad


def find_packages(folder: Path) -> list[Path]:
    """Return the packages in `folder`: itself, or all below it that hold a manifest or a seal.

    What lies in hidden folders is being written, or was left there by a process that was killed: no package yet.
    """
    marks = [mark for name in (MANIFEST_NAME, SEAL_NAME, SIGNATURE_NAME) for mark in folder.rglob(name)]
    packages = {mark.parent for mark in marks}
    return sorted(
        package for package in packages if not any(part.startswith(".") for part in package.relative_to(folder).parts)
    )


def verify_package(package: Path, trusted: Set[str] | None = None) -> list[Fault]:
    """Return what is wrong with the package; nothing when it is whole.

    With `trusted` fingerprints it must also be signed, with one of these keys or one that they lead to by rotations.
    """
    try:
        content = (package / MANIFEST_NAME).read_bytes()
    except OSError as error:
        return [_unreadable(package, MANIFEST_NAME, error)]
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        detail = error.errors()[0]["msg"]
        return [Fault(package, MANIFEST_NAME, Problem.UNREADABLE, {"detail": detail})]
    faults = _seal_faults(package, manifest, content, trusted)
    faults += [fault for file in manifest.files if (fault := _file_fault(package, file))]
    expected = {MANIFEST_NAME, manifest.seal_name, *(file.name for file in manifest.files)}
    strangers = sorted(entry.name for entry in package.iterdir() if entry.name not in expected)
    return faults + [Fault(package, name, Problem.STRANGER) for name in strangers]


def _seal_faults(package: Path, manifest: Manifest, content: bytes, trusted: Set[str] | None) -> list[Fault]:
    name = manifest.seal_name
    either = f"{MANIFEST_NAME} or {name}"
    try:
        signature = check_seal(content, (package / name).read_bytes())
        check_kind(manifest, signature)
    except OSError as error:
        return [_unreadable(package, name, error)]
    except SealBad:
        return [Fault(package, either, Problem.SEAL_BROKEN)]
    except SignatureBad as error:
        return [Fault(package, either, Problem.SIGNATURE_BROKEN, {"detail": error})]
    if trusted is None:
        return []
    if signature is None:
        return [Fault(package, name, Problem.UNSIGNED)]
    if not signature.is_vouched_for(trusted):
        return [Fault(package, name, Problem.UNTRUSTED, {"key": signature.key_id})]
    return []


def _file_fault(package: Path, file: EvidenceFile) -> Fault | None:
    path = package / file.name
    try:
        size = path.stat().st_size
        if size != file.size_bytes:
            return Fault(package, file.name, Problem.WRONG_SIZE, {"found": size, "expected": file.size_bytes})
        with path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        return _unreadable(package, file.name, error)
    return None if found == file.sha256 else Fault(package, file.name, Problem.CHANGED)


def _unreadable(package: Path, name: str, error: OSError) -> Fault:
    if isinstance(error, FileNotFoundError):
        return Fault(package, name, Problem.MISSING)
    return Fault(package, name, Problem.UNREADABLE, {"detail": error.strerror})
