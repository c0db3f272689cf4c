"""Runs the app, and ends its event streams before it stops: these never end by themselves."""

import socket
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from service.api.event_feed import EventFeed
from service.errors import CertificateProblem

GRACE_S = 3


@dataclass(frozen=True)
class TlsFiles:
    """Where the certificate (with those above it) and its key lie, PEM."""

    certificate: Path
    key: Path


class Server(uvicorn.Server):
    """uvicorn's server, on one address."""

    def __init__(self, app: FastAPI, host: str, port: int, tls: TlsFiles | None = None) -> None:
        """Raises CertificateProblem where the TLS files are no certificate with its key."""
        settings = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_S,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        try:
            settings.load()
        except (OSError, ValueError) as error:
            if tls is None:
                raise
            detail = f"{tls.certificate} and {tls.key} can't be used as certificate and key: {error}"
            raise CertificateProblem(detail=detail) from error
        super().__init__(settings)
        self._feed: EventFeed = app.state.feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, and then the requests that are under way."""
        self._feed.close()
        await super().shutdown(sockets)
