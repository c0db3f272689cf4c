"""Runs the app, and ends its event streams before it stops: these never end by themselves."""

import socket

import uvicorn
from fastapi import FastAPI

from service.api.event_feed import EventFeed

GRACE_S = 3


class Server(uvicorn.Server):
    """uvicorn's server, on one address."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        settings = uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=GRACE_S)
        super().__init__(settings)
        self._feed: EventFeed = app.state.feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, and then the requests that are under way."""
        self._feed.close()
        await super().shutdown(sockets)
