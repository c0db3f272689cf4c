"""/api/v1/events: what is new as server-sent events, which browsers and programs can follow and take up again."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from service.accounts.access import Row
from service.accounts.principal import Principal
from service.api.event_feed import EventFeed
from service.api.inputs import MAX_ID
from service.api.problems import answers
from service.api.visitor import Again, AskAgain, Visitor
from service.notices.notice import Notice, NumberedNotice
from service.storage.scope_rows import ScopeRows

HEARTBEAT_S = 15.0
"""So often a line comes that means nothing, for proxies that end silent connections."""
RETRY_MS = 2000
LOOK_AGAIN_AFTER_S = 10.0
"""How long events may go on after the session has ended, or the scope was changed."""
LastEventId = Annotated[int | None, Header(ge=0, le=MAX_ID, description="The last event that was read.")]


def events_router(feed: EventFeed, rows: ScopeRows, heartbeat_s: float = HEARTBEAT_S) -> APIRouter:
    """Return the route of the events."""
    router = APIRouter(prefix="/api/v1", tags=["events"])
    streamed = {"description": "Events without end.", "content": {"text/event-stream": {}}}

    @router.get("/events", response_class=StreamingResponse, responses={200: streamed, **answers(422)})
    async def get_events(visitor: Visitor, again: Again, last_event_id: LastEventId = None) -> StreamingResponse:
        """Follow new cases, steps and reminders; with Last-Event-ID all that came after that event, first.

        The events end when who listens may not go on, as when the session is over.
        """
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        frames = _frames(feed, Listener(visitor, again, rows), last_event_id, heartbeat_s)
        return StreamingResponse(frames, media_type="text/event-stream", headers=headers)

    return router


class Listener:
    """Who listens, and what of it they may hear; asked again now and then, since the answer goes on for long."""

    def __init__(self, principal: Principal, again: AskAgain, rows: ScopeRows) -> None:
        self._principal: Principal | None = principal
        self._again = again
        self._rows = rows
        self._asked_at = time.monotonic()

    async def is_here(self) -> bool:
        """Tell whether they may go on."""
        if time.monotonic() - self._asked_at >= LOOK_AGAIN_AFTER_S:
            self._principal = await self._again()
            self._asked_at = time.monotonic()
        return self._principal is not None

    async def hears(self, notice: Notice) -> bool:
        """Tell whether the notice is of a site in their scope."""
        if self._principal is None:
            return False
        scope = self._principal.scope
        return scope.everywhere or await run_in_threadpool(self._rows.allows, scope, Row.SITE, notice.case.site_id)


async def _frames(feed: EventFeed, listener: Listener, after: int | None, heartbeat_s: float) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    async with aclosing(feed.listen(after, heartbeat_s)) as listening:
        async for numbered in listening:
            if not await listener.is_here():
                return
            if numbered is None or not await listener.hears(numbered.notice):
                yield ": heartbeat\n\n"
            else:
                yield frame(numbered)


def frame(numbered: NumberedNotice) -> str:
    """Return one event; its data is the notice's JSON in one line."""
    data = json.dumps(numbered.notice.model_dump(mode="json"), ensure_ascii=False)
    return f"id: {numbered.id}\nevent: {numbered.notice.kind}\ndata: {data}\n\n"
