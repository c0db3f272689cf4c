"""What later releases wrote beside cases: dust, sites, accounts, drawings, alerts; by the revision of their tables."""

from typing import Any

from service.accounts.secret_tokens import token_hash
from tests.service.old_rows import OldRow

SESSION = "a session that goes on"
MACHINE = "a machine that goes on"


def later_old_rows(moment: Any) -> list[OldRow]:
    """Return the rows in the order of their references; `moment` is an aware time."""
    return [
        OldRow(
            "r0005",
            "dust_instruments",
            {
                "id": 1,
                "number": "MN1",
                "name": "东门扬尘仪",
                "site_id": "s-01",
                "site_name": "滨江一号地块",
                "minutes_per_record": 1,
                "last_measured_at": moment,
                "last_received_at": moment,
            },
        ),
        OldRow(
            "r0005",
            "dust_readings",
            {
                "id": 1,
                "instrument_id": 1,
                "period": "minute",
                "measured_at": moment,
                "received_at": moment,
                "factors": {"tsp": {"mean": 300.0, "mark": "N"}},
            },
        ),
        OldRow(
            "r0006",
            "sites",
            {
                "id": "s-01",
                "name": "滨江一号地块",
                "category": "construction",
                "district": "滨江区",
                "street": "长河街道",
                "is_key_area": True,
                "control_level": "B",
                "point_keeper": "李工",
                "point_keeper_contact": "",
                "latitude": None,
                "longitude": None,
                "parties": [],
                "version": 3,
            },
        ),
        OldRow(
            "r0008",
            "users",
            {
                "id": 5,
                "name": "wang",
                "display_name": "王工",
                "roles": ["inspector"],
                "everywhere": False,
                "districts": ["滨江区"],
                "streets": [],
                "sites": [],
                "locked": False,
                "created_at": moment,
                "password_hash": "",
                "totp_secret": "",
                "totp_step": 0,
                "failures": 0,
                "failed_at": None,
            },
        ),
        OldRow(
            "r0008",
            "sessions",
            {"id": 6, "token_sha256": token_hash(SESSION), "user_id": 5, "created_at": moment, "seen_at": moment},
        ),
        OldRow(
            "r0008",
            "machine_tokens",
            {
                "id": 7,
                "name": "edge-1",
                "token_sha256": token_hash(MACHINE),
                "scopes": ["health:write"],
                "created_at": moment,
                "used_at": None,
            },
        ),
        OldRow(
            "r0013",
            "camera_layouts",
            {
                "site_id": "s-01",
                "camera_id": "s-01-gate",
                "version": 2,
                "at": moment,
                "by": "王工",
                "note": "",
                "layout": {"zones": {"yard": [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]}},
            },
        ),
        OldRow(
            "r0015",
            "pollution_alerts",
            {"starts_at": moment, "ends_at": None, "level": "orange", "set_by": "赵", "set_at": moment},
        ),
    ]
