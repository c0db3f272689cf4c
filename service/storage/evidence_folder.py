"""Keeps evidence packages as folders: a package is there as a whole or not at all."""

import errno
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import structlog
from pydantic import ValidationError

from service.domain.cases import Case, LaterPackage
from service.errors import EvidenceDamaged, FileAltered, KeyTaken, StorageFull
from service.storage.attachment import Attachment
from service.storage.database import storage_errors
from service.storage.media import HEAD_BYTES, looks_like
from service.storage.package import Package
from vision.evidence.durable import sync_folder, write_durably
from vision.evidence.manifest import MANIFEST_NAME, EvidenceFile, Manifest
from vision.evidence.seal import check_seal
from vision.evidence.verify import verify_package

INCOMING = ".incoming"
"""Where packages are written until they are complete; a key can't have this name."""
DELETED_NAME = ".deleted"
"""A file that tells that the package's pictures and clip were deleted; no package can hold one of this name."""
STALE_S = 3600.0
"""What lies in there for longer was left by a crash."""
CHUNK_BYTES = 1 << 20

log = structlog.get_logger(__name__)


def attachment_folder(case_id: int, sha256: str) -> str:
    """Return the name of the folder that holds an attachment, under the name of its hash; no key is like it."""
    return f"attachment-{case_id}-{sha256[:32]}"


class EvidenceFolder:
    """Packages under one root, each in a folder named by its violation's key."""

    def __init__(self, root: Path, least_free_bytes: int = 0) -> None:
        self._root = root
        self._least_free_bytes = least_free_bytes
        self._incoming = root / INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)

    def receive(self, package: Package, files: Mapping[str, BinaryIO]) -> str:
        """Store the package and return its folder's name; `files` must hold every name of the manifest.

        Each file is checked against the manifest while it is written. Everything is on the disk, and synced, before
        the folder gets its name. A package that is there already (a crash came before its case was noted) is checked
        and kept.

        Raises:
            FileAltered: a file is not what the manifest says.
            KeyTaken: another package has this key.
            StorageFull: the disk is full, or less of it is free than has to stay free.
        """
        self._check_room()
        with storage_errors(), self._staging() as staging:
            for described in package.manifest.files:
                _write_checked(files[described.name], staging / described.name, described)
            write_durably(staging / MANIFEST_NAME, package.manifest_bytes)
            write_durably(staging / package.manifest.seal_name, package.seal_bytes)
            sync_folder(staging)
            self._put_in_place(staging, package)
        return package.key

    def path(self, folder: str, name: str) -> Path:
        """Return where a file of a package lies; both names must come from the database, never from a client."""
        return self._root / folder / name

    def manifest(self, case: Case) -> Manifest | None:
        """Return what the case's manifest tells; None where it is damaged."""
        try:
            return Manifest.model_validate_json(self.manifest_bytes(case))
        except (EvidenceDamaged, ValidationError):
            return None

    def package(self, case: Case) -> Path:
        """Return the folder of the case's package."""
        return self.path(case.folder, MANIFEST_NAME).parent

    def manifest_bytes(self, case: Case, later: LaterPackage | None = None) -> bytes:
        """Return the manifest of the case, or of a later picture of it, byte for byte as it was received.

        Raises:
            EvidenceDamaged: it is missing, or its hash is not the one that the queue noted when it came in.
        """
        package = later or case
        try:
            content = self.path(package.folder, MANIFEST_NAME).read_bytes()
        except FileNotFoundError as error:
            raise EvidenceDamaged(case_id=case.id, detail="the manifest is missing") from error
        if hashlib.sha256(content).hexdigest() != package.manifest_sha256:
            raise EvidenceDamaged(case_id=case.id, detail="the manifest was changed")
        return content

    def keep_attachment(self, case_id: int, attachment: Attachment) -> None:
        """Store a file that somebody attached to a case; one that is there already is kept. Raises StorageFull."""
        self._check_room()
        digest = attachment.item.sha256
        with storage_errors(), self._staging() as staging:
            write_durably(staging / digest, attachment.content)
            sync_folder(staging)
            _rename(staging, self._root / attachment_folder(case_id, digest))
            sync_folder(self._root)

    def delete_files(self, folder: str, names: Iterable[str]) -> None:
        """Delete files of a package; its manifest and seal stay, so that the camera's chain can still be checked."""
        target = self._root / folder
        if target.is_dir():
            write_durably(target / DELETED_NAME, b"")  # first, so that what is missing is never taken for damage
            sync_folder(target)
            for name in names:
                (target / name).unlink(missing_ok=True)
            sync_folder(target)

    def discard(self, folder: str) -> None:
        """Remove a package that was received just now and may not become a case's."""
        with self._staging() as grave:
            (self._root / folder).rename(grave / "discarded")
        sync_folder(self._root)

    def is_deleted(self, folder: str) -> bool:
        """Whether the package's files were deleted, all or in part."""
        return self.path(folder, DELETED_NAME).is_file()

    def sweep(self) -> int:
        """Remove what crashes left behind in the incoming folder; return how many."""
        stale = [path for path in self._incoming.iterdir() if time.time() - path.stat().st_mtime > STALE_S]
        for path in stale:
            shutil.rmtree(path, ignore_errors=True)
        if stale:
            log.info("evidence.swept", packages=len(stale))
        return len(stale)

    def is_writable(self) -> bool:
        """Whether a package could be stored, as far as permissions tell."""
        return os.access(self._incoming, os.W_OK | os.X_OK)

    def has_room(self) -> bool:
        """Whether as much of the disk is free as has to stay free, for the database and whatever else is on it."""
        return shutil.disk_usage(self._root).free >= self._least_free_bytes

    def _check_room(self) -> None:
        if not self.has_room():
            log.error("evidence.disk_nearly_full", free_bytes=shutil.disk_usage(self._root).free)
            raise StorageFull

    @contextmanager
    def _staging(self) -> Iterator[Path]:
        staging = self._incoming / uuid.uuid4().hex
        staging.mkdir()
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)  # gone already when it was renamed

    def _put_in_place(self, staging: Path, package: Package) -> None:
        target = self._root / package.key
        if not _rename(staging, target):
            if _is_intact(target, package):
                log.info("evidence.found_again", key=package.key)
                return
            if _has_sealed_manifest(target):
                stored = (target / MANIFEST_NAME).read_bytes()
                if stored != package.manifest_bytes:
                    raise KeyTaken(key=package.key)
            # Same manifest but broken files, or no readable manifest: the copy at hand is the good one.
            log.warning("evidence.replaced_damaged", key=package.key)
            with self._staging() as grave:
                target.rename(grave / "damaged")
                staging.rename(target)
        sync_folder(self._root)


def _rename(staging: Path, target: Path) -> bool:
    """Give the folder its name; False when the name is taken."""
    try:
        staging.rename(target)
    except OSError as error:
        if error.errno in {errno.EEXIST, errno.ENOTEMPTY}:
            return False
        raise
    return True


def _has_sealed_manifest(folder: Path) -> bool:
    try:
        content = (folder / MANIFEST_NAME).read_bytes()
        manifest = Manifest.model_validate_json(content)
        check_seal(content, (folder / manifest.seal_name).read_bytes())
    except (OSError, ValueError):  # whatever is wrong with it: it is missing, no manifest, or its seal is bad
        return False
    return True


def _is_intact(folder: Path, package: Package) -> bool:
    try:
        is_the_same = (folder / MANIFEST_NAME).read_bytes() == package.manifest_bytes
    except OSError:
        return False
    return is_the_same and not verify_package(folder)


def _write_checked(source: BinaryIO, target: Path, described: EvidenceFile) -> None:
    digest = hashlib.sha256()
    size = 0
    with target.open("wb") as file:
        while chunk := source.read(CHUNK_BYTES):
            if size == 0 and not looks_like(described.media_type, chunk[:HEAD_BYTES]):
                raise FileAltered(name=described.name, detail=f"it is no {described.media_type}")
            size += len(chunk)
            if size > described.size_bytes:
                break
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if size != described.size_bytes:
        raise FileAltered(name=described.name, detail=f"its size is not {described.size_bytes} bytes")
    if digest.hexdigest() != described.sha256:
        raise FileAltered(name=described.name, detail="its SHA-256 is another")
