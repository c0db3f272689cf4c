"""Reads a request's body no further than it may be long: a sender need not say how long, nor tell the truth."""

from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.requests import ClientDisconnect

from service.errors import BadUpload, TooLarge


async def counted_chunks(request: Request, what: str, limit_bytes: int) -> AsyncGenerator[bytes, None]:
    """Give the body as it comes in; raises TooLarge, which names `what`, as soon as it is longer than allowed."""
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit_bytes:
            raise TooLarge(what=what, limit_bytes=limit_bytes)
        yield chunk


async def read_counted(request: Request, what: str, limit_bytes: int) -> bytes:
    """Return the whole body.

    Raises:
        TooLarge: it is longer than allowed; the rest of it is not read.
        BadUpload: the sender hung up before the end.
    """
    body = bytearray()
    try:
        async for chunk in counted_chunks(request, what, limit_bytes):
            body += chunk
    except ClientDisconnect as error:
        raise BadUpload(detail="the sender hung up before the end") from error
    return bytes(body)
