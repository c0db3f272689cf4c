"""Counts the requests that the service answers, and how long each route takes."""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
OTHER = "other"
"""Stands for what no route answers: addresses that strangers invent must not become labels."""


class RequestFigures(Collector):
    """The figures of one app. Safe to use from several threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.count = Counter(
            "dustwatch_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "dustwatch_request_seconds",
            "Seconds until the answer began.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self._registry,
        )

    def collect(self) -> Iterator[Metric]:
        """Yield both families."""
        yield from self._registry.collect()


class CountRequests:
    """ASGI middleware; what never answers, such as a client that hung up, is not counted."""

    def __init__(self, app: ASGIApp, figures: RequestFigures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                method, route = scope["method"], getattr(scope.get("route"), "path", OTHER)
                self._figures.count.labels(method, route, message["status"]).inc()
                self._figures.seconds.labels(method, route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, send_counted)
