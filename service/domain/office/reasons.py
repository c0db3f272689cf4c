"""Why a rule decided as it did, in words that can be shown in another language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Reason:
    """One reason: `kind` is its English text with named places, `params` fill them."""

    kind: StrEnum
    params: Mapping[str, object]

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return it as people read it; `translate` turns English templates into another language."""
        return translate(self.kind.value).format(**self.params)


def because(kind: StrEnum, **params: object) -> Reason:
    """Return the reason with its values."""
    return Reason(kind, params)
