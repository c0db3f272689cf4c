"""The file `samples.jsonl` of a data set: where each sample comes from, one JSON object a line."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.data.problems import Problem, ProblemKind

RECORDS_NAME = "samples.jsonl"

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")
Kind = Literal["rendered", "real", "reviewed"]


class SampleRecord(BaseModel):
    """One sample's provenance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    split: Split | None
    kind: Kind
    group: str = Field(min_length=1)
    """The scene or source that decides the split: a group is never in two splits."""
    source: str
    """Where the picture comes from: seed and view, the picture's origin, or the case's key."""
    licence: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the picture's file."""
    attributes: dict[str, Any] = Field(default_factory=dict)


def read_records(folder: Path) -> tuple[list[SampleRecord] | None, list[Problem]]:
    """Read `folder`'s samples.jsonl, and what is wrong with its lines; None where there is no such file."""
    path = folder / RECORDS_NAME
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return None, []
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(ProblemKind.BAD_RECORD, RECORDS_NAME, str(error))]
    records, problems = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            records.append(SampleRecord.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            detail = f"{'.'.join(map(str, first['loc'])) or 'line'}: {first['msg']}"
            problems.append(Problem(ProblemKind.BAD_RECORD, f"{RECORDS_NAME}:{number}", detail))
    return records, problems
