"""Where a case is found by people, and a notice as machines read it."""

import json
from dataclasses import dataclass
from typing import Any

from service.notices.notice import Notice


@dataclass(frozen=True)
class Links:
    """Makes addresses below the one at which people reach the queue; without it there are none."""

    public_url: str | None

    def of_case(self, case_id: int) -> str | None:
        """Return the address of the case's page."""
        return None if self.public_url is None else f"{self.public_url}/?case={case_id}"


def notice_json(notice: Notice, links: Links) -> dict[str, Any]:
    """Return what machines are told: the notice, and where its case is found."""
    return {**notice.model_dump(mode="json"), "url": links.of_case(notice.case.id)}


def json_bytes(value: dict[str, Any]) -> bytes:
    """Return the value as UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
