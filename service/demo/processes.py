"""Keeps the demonstration's processes running, and starts again what dies."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

STOP_WITHIN_S = 20.0


@dataclass
class _Child:
    name: str
    arguments: Sequence[str]
    secrets: Mapping[str, str]
    process: "subprocess.Popen[bytes]"


class ChildProcesses:
    """Child processes of the command `dustwatch`, each with a log file of its own."""

    def __init__(self, logs: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._children: dict[str, _Child] = {}

    def start(self, name: str, arguments: Sequence[str], secrets: Mapping[str, str] | None = None) -> None:
        """Start `dustwatch` with these arguments, and with secrets in its environment, where others can't see them."""
        secrets = secrets or {}
        self._children[name] = _Child(name, arguments, secrets, self._spawn(name, arguments, secrets))

    def start_again_what_died(self) -> list[str]:
        """Restart the children that have ended, and return their names."""
        dead = [child for child in self._children.values() if child.process.poll() is not None]
        for child in dead:
            log.warning("demo.restarted", process=child.name, exit_code=child.process.returncode)
            child.process = self._spawn(child.name, child.arguments, child.secrets)
        return [child.name for child in dead]

    def stop(self, name: str) -> None:
        """End one child gently, and by force when it takes too long."""
        process = self._children.pop(name).process
        process.terminate()
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_all(self) -> None:
        """End every child."""
        for name in list(self._children):
            self.stop(name)

    def log_tail(self, name: str, lines: int = 5) -> str:
        """Return the last lines that a child wrote."""
        return "\n".join((self._logs / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])

    def has_ended(self, name: str) -> bool:
        """Tell whether a child has ended."""
        return self._children[name].process.poll() is not None

    def _spawn(self, name: str, arguments: Sequence[str], secrets: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        with (self._logs / f"{name}.log").open("ab") as log_file:
            # A session of its own: Ctrl-C at the terminal reaches the demonstration alone, which ends them in order.
            return subprocess.Popen(  # noqa: S603 - our own program, no shell
                [sys.executable, "-m", "service.cli.main", *arguments],
                env={**os.environ, **secrets},
                stdout=log_file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
