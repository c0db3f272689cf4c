"""What the address of the cases' page tells: view, filter, order, place in the list, open case. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import urlencode

from pydantic import Field, ValidationError

from service.api.case_query import CaseQuery
from service.api.inputs import MAX_ID
from service.storage.list_position import CaseOrder


class View(StrEnum):
    """How the cases are laid out."""

    BOARD = "board"
    """A column a state."""
    TABLE = "table"


class CasesAddress(CaseQuery):
    """Which cases the page shows, and how; what is not told is as it is by default."""

    view: View = View.BOARD
    order: CaseOrder = CaseOrder.FOUND
    cursor: Annotated[str | None, Field(max_length=200)] = None
    case: Annotated[int | None, Field(ge=1, le=MAX_ID)] = None

    @classmethod
    def of(cls, told: Mapping[str, str]) -> Self:
        """Read an address's parameters; what is unknown or makes no sense is left out, as a shared link may be old."""
        known = {name: value for name, value in told.items() if name in cls.model_fields and value != ""}
        while True:
            try:
                return cls.model_validate(known)
            except ValidationError as error:
                for fault in error.errors():
                    known.pop(str(fault["loc"][0]), None)

    def changed(self, **values: object) -> Self:
        """Return the address with other values; another filter, order or view begins at the first page."""
        told: dict[str, object] = {**self.model_dump(exclude_none=True, mode="json"), **values}
        if values.keys() - {"cursor", "case"}:
            told.pop("cursor", None)
        return type(self).of({name: _text(value) for name, value in told.items() if value is not None})

    def query(self) -> str:
        """Return the parameters as they stand in an address, without `?`; empty where all is as by default."""
        return _encoded(self.model_dump(exclude_defaults=True, mode="json"))

    def filter_query(self) -> str:
        """Return the parameters of the filter alone, as exports and lists take them."""
        return _encoded(self.model_dump(exclude_defaults=True, mode="json", include=set(CaseQuery.model_fields)))

    @property
    def is_filtered(self) -> bool:
        """Whether not all cases are asked for."""
        return bool(self.filter_query())


def _encoded(told: Mapping[str, object]) -> str:
    return urlencode({name: _text(value) for name, value in told.items()})


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
