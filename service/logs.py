"""Sets up structured logs that never hold a secret."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from streams.secrets import mask_secrets
from vision.tracing import trace_id


def set_up_logs(*, verbose: bool = False, quiet: bool = False, as_json: bool = False) -> None:
    """Send logs to the standard error output, for people, or as one JSON object a line; `quiet` tells errors alone."""
    level = logging.DEBUG if verbose else logging.ERROR if quiet else logging.INFO
    people = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else people
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _trace,
            _mask,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    for noisy in ("httpx", "httpcore", "alembic", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _mask(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask the passwords in every text of a log entry, traces included."""
    return {key: mask_secrets(value) if isinstance(value, str) else value for key, value in event.items()}


def _trace(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell by `trace_id` which trace a line belongs to, where traces are sent."""
    found = trace_id(str(event.get("key", "")))
    return {**event, "trace_id": found} if found else event
