"""What can be wrong with a data set; everything is found before anything is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from models.errors import ModelError

SHOWN = 20
"""So many problems are listed by name; the rest is counted."""


class ProblemKind(StrEnum):
    """The kinds of problems, as English texts; `{detail}` is filled in from the problem."""

    BAD_DESCRIPTION = "{detail}"
    NO_PICTURES = "no pictures there; they belong into images/, or images/train, images/val and images/test"
    UNKNOWN_FOLDER = "unknown folder; {detail}"
    SAME_NAME = "two pictures of this name; {detail}"
    NO_PICTURE = "no picture belongs to it"
    NO_LABEL = "picture without label or mask (an empty label file says that nothing is there)"
    BAD_PICTURE = "the picture can't be decoded: {detail}"
    BAD_MASK = "the mask can't be used: {detail}"
    MASK_SIZE = "the mask is of another size than its picture: {detail}"
    BAD_LABEL = "{detail}"
    OUTSIDE = "reaches outside the picture: {detail}"
    UNKNOWN_CLASS = "unknown class {detail}; data.yaml doesn't name it"
    DUPLICATE = "the same picture as {detail}"
    CHANGED = "not the picture that samples.jsonl describes (SHA-256 differs)"
    NOT_LISTED = "samples.jsonl doesn't list it"
    BAD_RECORD = "{detail}"
    MISSING = "the file is missing"
    ANOTHER_PICTURE = "not the picture that the labels were made for (SHA-256 differs); get the original again"
    GROUP_IN_TWO_SPLITS = "the group {detail} is in more than one split"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its kind, the file (relative to the data set, with a line number in text files)."""

    kind: ProblemKind
    where: str
    detail: str = ""

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return it as people read it; `translate` turns the kind's English text into another language."""
        return f"{self.where}: {translate(self.kind.value).format(detail=self.detail)}"


class DataSetProblems(ModelError):
    """A data set that can't be used; lists what is wrong with it, the first 20 by name."""

    template = "{folder}: the data set can't be used, problems found: {count}\n{listed}"

    def __init__(self, folder: Path, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(folder=folder, count=len(problems), listed=listed(problems))


def listed(problems: Sequence[Problem], translate: Callable[[str], str] = str) -> str:
    """Return the first problems, a line each, then how many more there are."""
    lines = [problem.text(translate) for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(translate("... and {count} more").format(count=len(problems) - SHOWN))
    return "\n".join(lines)
