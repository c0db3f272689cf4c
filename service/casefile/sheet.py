"""What stands in a printed case file: texts and pictures in their order, before anything is laid out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A line of label and value; `is_long` asks for the whole width, `is_code` for a fixed-width font (hashes)."""

    label: str
    value: str
    is_long: bool = False
    is_code: bool = False


@dataclass(frozen=True)
class MeasuredFigure:
    """A figure that decided, with its error and what it was held against; both empty where they are not known."""

    name: str
    value: str
    error: str
    limit: str


@dataclass(frozen=True)
class PrintedPicture:
    """A picture for the page: `jpeg` is the redacted copy, None where `note` says why it is not printed."""

    title: str
    note: str
    jpeg: bytes | None
    original: str
    """The original's file name and SHA-256."""
    size: tuple[int, int] = (1, 1)
    """Width and height of the redacted picture in pixels."""


@dataclass(frozen=True)
class PastStep:
    """A step that was taken with the case: when, by whom, which, and why."""

    at: str
    who: str
    what: str
    why: str


@dataclass(frozen=True)
class ListedFile:
    """A file of the evidence and how it was found."""

    name: str
    role: str
    size: str
    sha256: str
    state: str
    is_intact: bool


@dataclass(frozen=True)
class Sheet:
    """The whole case file, in Chinese. `alarms` stand in red at the top of the first page."""

    number: str
    state: str
    rule: str
    printed_at: str
    alarms: tuple[str, ...]
    verdict: str
    """The result of the verification, one sentence."""
    facts: tuple[Fact, ...]
    statement: str
    figures: tuple[MeasuredFigure, ...]
    pictures: tuple[PrintedPicture, ...]
    steps: tuple[PastStep, ...]
    files: tuple[ListedFile, ...]
    seal: tuple[Fact, ...]
