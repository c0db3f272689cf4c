"""Tells all who listen what is new, with one look at the database for all of them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import structlog
from starlette.concurrency import run_in_threadpool

from service.notices.notice import NumberedNotice
from service.storage.notice_store import NoticeStore

POLL_S = 1.0
PAGE = 200
MOST_REMEMBERED = 1000

log = structlog.get_logger(__name__)


class EventFeed:
    """One for the app; it looks at the database only while somebody listens. Lives in one event loop."""

    def __init__(self, store: NoticeStore, poll_s: float = POLL_S) -> None:
        self._store = store
        self._poll_s = poll_s
        self._listeners = 0
        self._is_closed = False
        self._polling: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._news = asyncio.Event()
        """Set when something came, and then replaced by a new one."""
        self._recent: list[NumberedNotice] = []
        """All that came after the number `_since`, up to `_newest`."""
        self._since = 0
        self._newest = 0

    async def listen(self, after: int | None, heartbeat_s: float) -> AsyncGenerator[NumberedNotice | None]:
        """Give what came after the notice of this number (None: from now on), and then what comes, until `close`.

        None is given at once, when the listener's place is known, and then where nothing came for `heartbeat_s`.
        """
        self._listeners += 1
        try:
            await self._start()
            told = self._newest if after is None else min(after, self._newest)
            yield None
            while not self._is_closed:
                news = self._news  # before looking, so that what comes meanwhile wakes us
                newest = self._newest
                page = await self._after(told)
                for notice in page:
                    yield notice
                    told = notice.id
                if not page:  # also where numbers are missing, as after a restored backup
                    told = max(told, newest)
                if told >= self._newest and not self._is_closed and not await _is_set(news, heartbeat_s):
                    yield None
        finally:
            self._listeners -= 1

    def close(self) -> None:
        """End every listener's events, since the service stops."""
        self._is_closed = True
        self._wake()

    async def _after(self, number: int) -> Sequence[NumberedNotice]:
        if number >= self._since:
            return [notice for notice in self._recent if notice.id > number]
        return await run_in_threadpool(self._store.after, number, limit=PAGE)

    async def _start(self) -> None:
        async with self._starting:
            if self._polling is None or self._polling.done():
                self._recent = []
                self._since = self._newest = await run_in_threadpool(self._store.newest)
                self._polling = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        while self._listeners:
            await asyncio.sleep(self._poll_s)
            try:
                page = await run_in_threadpool(self._store.after, self._newest, limit=PAGE)
            except Exception:
                log.exception("events.failed")
                continue
            if page:
                self._remember(page)

    def _remember(self, page: Sequence[NumberedNotice]) -> None:
        remembered = [*self._recent, *page]
        dropped, self._recent = remembered[:-MOST_REMEMBERED], remembered[-MOST_REMEMBERED:]
        if dropped:
            self._since = dropped[-1].id
        self._newest = page[-1].id
        self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


async def _is_set(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
