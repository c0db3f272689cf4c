"""Refuses a body that is larger than any honest one before it is parsed."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.types import Message

from service.errors import BadUpload, TooLarge

BODY_BYTES = 64 << 10


class SmallBodyRoute(APIRoute):
    """A route whose bodies are small JSON; give it to a router as `route_class`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the body counted while it is read."""
        handle = super().get_route_handler()

        async def counted(request: Request) -> Response:
            body = await _read(request)

            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await handle(Request(request.scope, receive))

        return counted


async def _read(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES:
                raise TooLarge(what="the body", limit_bytes=BODY_BYTES)
    except ClientDisconnect as error:
        raise BadUpload(detail="the sender hung up before the end") from error
    return bytes(body)
