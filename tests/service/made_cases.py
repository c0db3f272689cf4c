"""Cases of a small city, which lists, exports and reports are tested on."""

import uuid
from datetime import UTC, datetime, timedelta

from service.domain.cases import EvidenceItem, Finding
from service.domain.lifecycle import Actor, Role, Step, Told
from service.domain.sites import Site
from service.storage.case_store import CaseStore
from service.storage.site_store import SiteStore

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine o'clock on a Monday in Beijing."""
OFFICE = Actor("赵主任", Role.REVIEWER)
SITES = (
    {"id": "east", "name": "江东一号", "category": "construction", "district": "江东区", "street": "河东街道"},
    {"id": "west", "name": "江西大桥", "category": "road", "district": "江西区", "street": "桥头街道"},
    {"id": "north", "name": "北苑50%", "category": "garden", "district": "江东区", "street": "北苑街道"},
)


def keep_sites(store: CaseStore) -> None:
    """Keep the sites: control levels A, B and C, and a position but for the last one."""
    places = ({"latitude": 31.98, "longitude": 118.79}, {"latitude": 32.01, "longitude": 118.65}, None)
    sites = [
        Site.model_validate({**site, "control_level": level, "position": place})
        for site, level, place in zip(SITES, "ABC", places, strict=True)
    ]
    SiteStore(store.engine).take(sites)


def finding(site: str = "east", camera: str = "gate", minutes: float = 0, **changes: object) -> Finding:
    """Return a finding at a camera of the site, handed in 20 seconds after it was found."""
    key = str(uuid.uuid4())
    at = MORNING + timedelta(minutes=minutes)
    name = next((each["name"] for each in SITES if each["id"] == site), "没有登记的工地")
    values: dict[str, object] = {
        "key": key,
        "rule": "unwashed_truck",
        "site_id": site,
        "site_name": name,
        "camera_id": f"{site}-{camera}",
        "camera_name": "大门" if camera == "gate" else "堆场",
        "opened_at": at,
        "received_at": at + timedelta(seconds=20),
        "measures": {"wash_seconds": 4.2},
        "evidence": (EvidenceItem("clean.jpg", "clean", "image/jpeg", 3, "0" * 64),),
        "folder": key,
        "manifest_sha256": "1" * 64,
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def lead(store: CaseStore, case_id: int, *steps: str, at: datetime, party: str = "某建设集团") -> None:
    """Take the steps with the case, an hour after each other, the first at `at`."""
    for number, step in enumerate(steps):
        told = Told(reason="说明", party=party if step == "assign" else "")
        store.take_step(case_id, Step(step), OFFICE, told, at=at + timedelta(hours=number))
