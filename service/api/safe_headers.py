"""Adds to every answer the headers that keep a browser from doing what no page of ours asks for."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def page_policy(pictures_from: Sequence[str] = ()) -> str:
    """Return the content security policy of a page: everything from here, and pictures from these origins, too.

    Scripts and styles may stand in the page, and templates are compiled in the browser, since NiceGUI does both. What
    people and sites wrote is text to it, never a part of the page, so that nothing of theirs becomes a script.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            " ".join(("img-src 'self' data: blob:", *pictures_from)),
            "media-src 'self' blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SafeHeaders:
    """ASGI middleware; an answer that brings such a header of its own keeps it."""

    def __init__(self, app: ASGIApp, pictures_from: Sequence[str] = ()) -> None:
        self._app = app
        self._policy = page_policy(pictures_from)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault("Content-Security-Policy", self._policy)
            await send(message)

        await self._app(scope, receive, send_safely)
