"""Keeps evidence packages in a bucket of an S3-compatible store, with a folder of copies for what was asked for."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import SplitResult, parse_qs, urlsplit

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import S3Store

from service.errors import EvidenceUnusable, KeyTaken, StorageBusy
from service.storage.attachment import Attachment
from service.storage.evidence_folder import DELETED_NAME, INCOMING, EvidenceFolder, attachment_folder
from service.storage.package import Package
from vision.evidence.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from obstore.store import S3Config  # it exists for type checkers alone

MOST_COPIES = 2000
"""Packages that the folder holds at most, about 10 GB; those that were asked for the longest ago go first."""
_SETTINGS = frozenset({"endpoint", "region"})

log = structlog.get_logger(__name__)


def open_evidence(folder: Path, bucket_url: str | None = None, *, least_free_bytes: int = 0) -> EvidenceFolder:
    """Return the evidence in the folder, or in the bucket; then the folder holds copies.

    Nothing is received while less than `least_free_bytes` of the folder's disk are free.

    `bucket_url` is `s3://bucket/prefix?endpoint=https://host&region=name`; the credentials come from the environment
    (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).

    Raises:
        EvidenceUnusable: the bucket can't be reached, or its address can't be right.
    """
    if bucket_url:
        return EvidenceBucket(_open_bucket(bucket_url), folder, least_free_bytes)
    return EvidenceFolder(folder, least_free_bytes)


class EvidenceBucket(EvidenceFolder):
    """Packages in a bucket, each below its key.

    The manifest is put first and only where there is none: it claims the key. The seal is put last: a package without
    it is not there. A case comes into the queue after that, so that what was cut off is seen by nobody and put again.
    """

    def __init__(self, bucket: S3Store, copies: Path, least_free_bytes: int = 0) -> None:
        super().__init__(copies, least_free_bytes)
        self._bucket = bucket

    def receive(self, package: Package, files: Mapping[str, BinaryIO]) -> str:
        """Store the package in the bucket and return its name there; see `EvidenceFolder.receive`.

        Raises:
            FileAltered: a file is not what the manifest says.
            KeyTaken: another package has this key.
            StorageFull: there is no room for the copy.
            StorageBusy: the bucket can't be reached.
        """
        name = super().receive(package, files)
        try:
            with _bucket_errors():
                if not self._is_whole(package):
                    self._put(package)
        except Exception:
            self._forget(name)
            raise
        self._trim()
        return name

    def path(self, folder: str, name: str) -> Path:
        """Return where a copy of the file lies; fetches the package when it has to. Raises StorageBusy."""
        copy = self._root / folder
        if copy.is_dir():
            with suppress(FileNotFoundError):  # trimmed in this moment
                os.utime(copy)
        else:
            self._fetch(folder)
        return copy / name

    def keep_attachment(self, case_id: int, attachment: Attachment) -> None:
        """Store a file that somebody attached to a case. Raises StorageFull, StorageBusy."""
        super().keep_attachment(case_id, attachment)
        digest = attachment.item.sha256
        with _bucket_errors():
            obstore.put(self._bucket, f"{attachment_folder(case_id, digest)}/{digest}", attachment.content)

    def delete_files(self, folder: str, names: Iterable[str]) -> None:
        """Delete files of a package; its manifest and seal stay. Raises StorageBusy."""
        with _bucket_errors():
            obstore.put(self._bucket, f"{folder}/{DELETED_NAME}", b"")
            obstore.delete(self._bucket, [f"{folder}/{name}" for name in names])
        self._forget(folder)

    def discard(self, folder: str) -> None:
        """Remove a package that may not become a case's. Raises StorageBusy."""
        with _bucket_errors():
            obstore.delete(self._bucket, [item["path"] for item in self._listed(f"{folder}/")])
        self._forget(folder)

    def _is_whole(self, package: Package) -> bool:
        """Whether the bucket has this package already. Raises KeyTaken when it has another one."""
        sizes = {item["path"].rpartition("/")[2]: item["size"] for item in self._listed(package.key)}
        if package.manifest.seal_name not in sizes:
            return False
        if self._stored(package.key, MANIFEST_NAME) != package.manifest_bytes:
            raise KeyTaken(key=package.key)
        return all(sizes.get(item.name) == item.size_bytes for item in package.manifest.files)

    def _put(self, package: Package) -> None:
        key = package.key
        try:
            obstore.put(self._bucket, f"{key}/{MANIFEST_NAME}", package.manifest_bytes, mode="create")
        except AlreadyExistsError:
            if self._stored(key, MANIFEST_NAME) != package.manifest_bytes:
                if self._stored(key, package.manifest.seal_name) is not None:
                    raise KeyTaken(key=key) from None
                log.warning("evidence.replaced_unfinished", key=key)
                obstore.put(self._bucket, f"{key}/{MANIFEST_NAME}", package.manifest_bytes)
        for item in package.manifest.files:
            obstore.put(self._bucket, f"{key}/{item.name}", self._root / key / item.name)
        obstore.put(self._bucket, f"{key}/{package.manifest.seal_name}", package.seal_bytes)

    def _stored(self, key: str, name: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._bucket, f"{key}/{name}").bytes())
        except (NotFoundError, FileNotFoundError):
            return None

    def _listed(self, folder: str) -> list["obstore.ObjectMeta"]:
        return [item for chunk in obstore.list(self._bucket, prefix=folder) for item in chunk]

    def _fetch(self, folder: str) -> None:
        with _bucket_errors(), self._staging() as staging:
            listed = self._listed(folder)
            for item in listed:
                with (staging / item["path"].rpartition("/")[2]).open("wb") as file:
                    for chunk in obstore.get(self._bucket, item["path"]):
                        file.write(chunk)
            if listed:
                with suppress(OSError):  # somebody else was quicker: theirs is the same
                    staging.rename(self._root / folder)
        self._trim()

    def _forget(self, folder: str) -> None:
        shutil.rmtree(self._root / folder, ignore_errors=True)

    def _trim(self) -> None:
        copies = [path for path in self._root.iterdir() if path.name != INCOMING]
        if len(copies) > MOST_COPIES:
            copies.sort(key=lambda path: path.stat().st_mtime)
            for path in copies[: len(copies) - MOST_COPIES * 9 // 10]:
                self._forget(path.name)


def _open_bucket(url: str) -> S3Store:
    address = urlsplit(url)
    settings = {name: values[-1] for name, values in parse_qs(address.query).items()}
    _check_address(address, settings)
    shown = f"s3://{address.netloc}{address.path}"
    endpoint = settings.get("endpoint")
    config: S3Config = {"region": settings.get("region", "us-east-1")}
    if endpoint:
        config["endpoint"] = endpoint
    bucket = S3Store(
        address.netloc,
        prefix=address.path.strip("/") or None,
        config=config,
        client_options={"allow_http": (endpoint or "").startswith("http:"), "connect_timeout": "5s", "timeout": "60s"},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )
    try:
        obstore.list_with_delimiter(bucket, prefix="none")
    except BaseError as error:
        raise EvidenceUnusable(store=shown, detail=_told(error)) from error
    return bucket


def _check_address(address: SplitResult, settings: Mapping[str, str]) -> None:
    if address.scheme != "s3" or not address.netloc:
        raise EvidenceUnusable(store=f"{address.scheme}:", detail="write s3://bucket/prefix?endpoint=https://host")
    if "@" in address.netloc:
        detail = "credentials belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        raise EvidenceUnusable(store="s3:", detail=detail)
    if unknown := sorted(settings.keys() - _SETTINGS):
        raise EvidenceUnusable(store=f"s3://{address.netloc}", detail=f"unknown settings: {', '.join(unknown)[:80]}")


@contextmanager
def _bucket_errors() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        log.warning("evidence.unavailable", detail=_told(error))
        raise StorageBusy from error


def _told(error: BaseError) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"
