"""What requests may hold: text without control characters, numbers of cases, pages of lists."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import StringConstraints

MAX_ID = 2**31 - 1
CaseId = Annotated[int, Path(ge=1, le=MAX_ID)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[int | None, Query(ge=1, le=MAX_ID)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
