"""A disk that fails, or a process that is killed, at a chosen step of what changes the disk."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest


class Killed(BaseException):
    """The power went."""


class Disk:
    """Counts what changes the disk, and fails at one of these steps, before or after it was done."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        self.fails_at: int | None = None
        self.after = False
        self.error: BaseException = Killed()
        for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "unlink")):
            patch.setattr(owner, name, self._counting(getattr(owner, name)))

    def _counting(self, real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            fails = self.steps == self.fails_at
            self.steps += 1
            if fails and not self.after:
                raise self.error
            result = real(*arguments, **options)
            if fails:
                raise self.error
            return result

        return step
