"""What happened at sites in a period, counted as the red and black lists name it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.domain.office.ranking import SiteRecord

OVERDUE = "overdue"
LOOK_BACK_FAILED = "look_back_failed"
ESCALATED = "escalated"
RECTIFIED_IN_TIME = "rectified_in_time"


@dataclass(frozen=True)
class SiteEvent:
    """One thing that counts: `event` is a rule's name for an offence, or one of the names above."""

    site_id: str
    event: str


@dataclass(frozen=True)
class Inspection:
    """People looked at the site on the office's day; several on one day are one inspection."""

    site_id: str
    day: date


def records_of(
    sites: Iterable[tuple[str, str]], events: Iterable[SiteEvent], inspections: Iterable[Inspection]
) -> tuple[SiteRecord, ...]:
    """Return the record of each site (id, name), also of those at which nothing happened; other sites are left out."""
    counts: dict[str, Counter[str]] = {}
    for each in events:
        counts.setdefault(each.site_id, Counter())[each.event] += 1
    inspected = Counter(each.site_id for each in set(inspections))
    return tuple(
        SiteRecord(site_id, name, inspected[site_id], dict(counts.get(site_id, Counter()))) for site_id, name in sites
    )
