"""/api/v1/events: what is new as server-sent events, which browsers and programs can follow and take up again."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from service.api.event_feed import EventFeed
from service.api.inputs import MAX_ID
from service.api.problems import answers
from service.notices.notice import NumberedNotice

HEARTBEAT_S = 15.0
"""So often a line comes that means nothing, for proxies that end silent connections."""
RETRY_MS = 2000
LastEventId = Annotated[int | None, Header(ge=0, le=MAX_ID, description="The last event that was read.")]


def events_router(feed: EventFeed, heartbeat_s: float = HEARTBEAT_S) -> APIRouter:
    """Return the route of the events."""
    router = APIRouter(prefix="/api/v1", tags=["events"])
    streamed = {"description": "Events without end.", "content": {"text/event-stream": {}}}

    @router.get("/events", response_class=StreamingResponse, responses={200: streamed, **answers(422)})
    async def get_events(last_event_id: LastEventId = None) -> StreamingResponse:
        """Follow new cases, steps and reminders; with Last-Event-ID all that came after that event, first."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        frames = _frames(feed, last_event_id, heartbeat_s)
        return StreamingResponse(frames, media_type="text/event-stream", headers=headers)

    return router


async def _frames(feed: EventFeed, after: int | None, heartbeat_s: float) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    async with aclosing(feed.listen(after, heartbeat_s)) as listening:
        async for numbered in listening:
            yield ": heartbeat\n\n" if numbered is None else frame(numbered)


def frame(numbered: NumberedNotice) -> str:
    """Return one event; its data is the notice's JSON in one line."""
    data = json.dumps(numbered.notice.model_dump(mode="json"), ensure_ascii=False)
    return f"id: {numbered.id}\nevent: {numbered.notice.kind}\ndata: {data}\n\n"
