"""Refuses a body that is larger than any honest one before it is parsed."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from service.api.counted_body import read_counted

BODY_BYTES = 64 << 10


class SmallBodyRoute(APIRoute):
    """A route whose bodies are small JSON; give it to a router as `route_class`."""

    MOST_BYTES: ClassVar[int] = BODY_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with the body counted while it is read."""
        handle = super().get_route_handler()

        async def counted(request: Request) -> Response:
            body = await read_counted(request, "the body", self.MOST_BYTES)

            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            return await handle(Request(request.scope, receive))

        return counted
