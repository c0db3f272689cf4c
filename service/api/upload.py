"""Reads a package's multipart form from the network, and stops as soon as it is larger than allowed."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from service.api.counted_body import counted_chunks
from service.errors import BadUpload, TooLarge
from service.storage.database import storage_errors
from service.storage.package import MAX_FILES

MIB = 1 << 20
MANIFEST_BYTES = 256 << 10
SEAL_BYTES = 64 << 10
"""A signature tells of each change of the key, up to a hundred."""
FILE_BYTES = 64 * MIB
BODY_BYTES = 160 * MIB


@dataclass(frozen=True)
class Upload:
    """The parts of the form, nothing checked yet but their sizes; the files can be read once, from the start."""

    manifest: bytes
    seal: bytes
    files: Mapping[str, BinaryIO]


@asynccontextmanager
async def read_upload(request: Request) -> AsyncIterator[Upload]:
    """Read the form; its temporary files are gone when the context ends.

    Raises:
        TooLarge: the body, or a part of it, is too large.
        BadUpload: it is no form with the parts `manifest`, `seal` and `files`, or the sender hung up.
        StorageFull: there is no room for the temporary files.
    """
    _check_headers(request)
    try:
        with storage_errors():
            parser = MultiPartParser(
                request.headers,
                counted_chunks(request, "the body", BODY_BYTES),
                max_files=MAX_FILES + 2,
                max_fields=2,
                max_part_size=MANIFEST_BYTES,
            )
            form = await parser.parse()
    except MultiPartException as error:
        raise BadUpload(detail=error.message) from error
    except ClientDisconnect as error:
        raise BadUpload(detail="the sender hung up before the end") from error
    try:
        yield Upload(
            manifest=await _small_part(form, "manifest", MANIFEST_BYTES),
            seal=await _small_part(form, "seal", SEAL_BYTES),
            files=_file_parts(form),
        )
    finally:
        await form.close()


def _check_headers(request: Request) -> None:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadUpload(detail="the content type must be multipart/form-data")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > BODY_BYTES:
        raise TooLarge(what="the body", limit_bytes=BODY_BYTES)


async def _small_part(form: FormData, name: str, limit_bytes: int) -> bytes:
    parts = form.getlist(name)
    if len(parts) != 1:
        raise BadUpload(detail=f"there must be exactly one part named {name}")
    part = parts[0]
    content = await part.read(limit_bytes + 1) if isinstance(part, UploadFile) else part.encode()
    if len(content) > limit_bytes:
        raise TooLarge(what=f"the part {name}", limit_bytes=limit_bytes)
    return content


def _file_parts(form: FormData) -> dict[str, BinaryIO]:
    files: dict[str, BinaryIO] = {}
    for name, part in form.multi_items():
        if name in {"manifest", "seal"}:
            continue
        if name != "files" or not isinstance(part, UploadFile) or not part.filename:
            raise BadUpload(detail="a part is none of manifest, seal and files (with a file name)")
        if part.filename in files:
            raise BadUpload(detail="a file comes twice")
        if (part.size or 0) > FILE_BYTES:
            raise TooLarge(what="a file", limit_bytes=FILE_BYTES)
        files[part.filename] = part.file
    return files
