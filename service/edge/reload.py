"""Reads the configuration again when its file changes, or on SIGHUP; a broken one is told and not taken."""

import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from service.config.file import load_config
from service.config.schema import Config
from service.errors import ServiceError

log = structlog.get_logger(__name__)

POLL_S = 2.0


class ConfigReloader:
    """Watches a configuration file, and hands each new, whole configuration over."""

    def __init__(self, path: Path, on_config: Callable[[Config], None], poll_s: float = POLL_S) -> None:
        self._path = path
        self._on_config = on_config
        self._poll_s = poll_s
        self._asked = threading.Event()
        self._seen = self._fingerprint()

    def ask(self) -> None:
        """Read the file again soon, be it changed or not."""
        self._asked.set()

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""
        while not stop.wait(self._poll_s):
            fingerprint = self._fingerprint()
            if fingerprint != self._seen or self._asked.is_set():
                self._seen = fingerprint
                self._asked.clear()
                self._read()

    def _read(self) -> None:
        try:
            config = load_config(self._path)
        except (ServiceError, OSError) as error:
            log.error("config.refused", problem=str(error))  # noqa: TRY400 - the line says all there is
            return
        self._on_config(config)
        log.info("config.taken", cameras=len(config.cameras))

    def _fingerprint(self) -> tuple[int, int, int] | None:
        """Return what changes when the file does, also when an editor puts a new file in its place."""
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
