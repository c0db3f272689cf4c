"""Checks that an evidence package is what its manifest says, down to the last byte."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from vision.evidence.manifest import MANIFEST_NAME, SEAL_NAME, Manifest


@dataclass(frozen=True)
class Fault:
    """One file of a package that is not as it was."""

    package: Path
    file: str
    problem: str


def seal_of(manifest: bytes) -> bytes:
    """Return the content of the seal file for these bytes of a manifest, as `sha256sum` writes it."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST_NAME}\n".encode()


def find_packages(folder: Path) -> list[Path]:
    """Return the packages in `folder`: itself, or all below it that hold a manifest or a seal.

    What lies in hidden folders is being written, or was left there by a process that was killed: no package yet.
    """
    marks = [*folder.rglob(MANIFEST_NAME), *folder.rglob(SEAL_NAME)]
    packages = {mark.parent for mark in marks}
    return sorted(
        package for package in packages if not any(part.startswith(".") for part in package.relative_to(folder).parts)
    )


def verify_package(package: Path) -> list[Fault]:
    """Return what is wrong with the package; nothing when it is whole."""
    try:
        written = (package / MANIFEST_NAME).read_bytes()
    except OSError as error:
        return [Fault(package, MANIFEST_NAME, _reason(error))]
    faults = _seal_faults(package, written)
    try:
        manifest = Manifest.model_validate_json(written)
    except ValidationError as error:
        return [*faults, Fault(package, MANIFEST_NAME, f"it can't be read: {error.errors()[0]['msg']}")]
    faults += [
        fault for file in manifest.files if (fault := _file_fault(package, file.name, file.size_bytes, file.sha256))
    ]
    expected = {MANIFEST_NAME, SEAL_NAME, *(file.name for file in manifest.files)}
    strangers = sorted(entry.name for entry in package.iterdir() if entry.name not in expected)
    return faults + [Fault(package, name, "it does not belong to the package") for name in strangers]


def _seal_faults(package: Path, manifest: bytes) -> list[Fault]:
    try:
        seal = (package / SEAL_NAME).read_bytes()
    except OSError as error:
        return [Fault(package, SEAL_NAME, _reason(error))]
    if seal == seal_of(manifest):
        return []
    return [Fault(package, f"{MANIFEST_NAME} or {SEAL_NAME}", "the manifest and its seal do not fit together")]


def _file_fault(package: Path, name: str, size_bytes: int, sha256: str) -> Fault | None:
    path = package / name
    try:
        if path.stat().st_size != size_bytes:
            return Fault(package, name, f"it has {path.stat().st_size} bytes instead of {size_bytes}")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Fault(package, name, _reason(error))
    return None if found == sha256 else Fault(package, name, "its contents have changed")


def _reason(error: OSError) -> str:
    return "it is missing" if isinstance(error, FileNotFoundError) else f"it can't be read: {error.strerror}"
