"""What releases of before wrote into the tables, by the revision that the database was at."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, Table

_PLACE = {"site_id": "s-01", "site_name": "滨江一号地块", "camera_id": "s-01-gate", "camera_name": "东门出口"}


@dataclass(frozen=True)
class OldRow:
    """A row that a release at the revision `since` could write; later ones too, while its table is there."""

    since: str
    table: str
    values: dict[str, Any]


def old_rows(moment: Any) -> list[OldRow]:
    """Return the rows in the order of their references; `moment` is an aware time."""
    case = {"key": "3f1d2c84-0000-4000-8000-000000000007", "rule": "unwashed_truck", "folder": "f" * 36}
    health = {"key": "3f1d2c84-0000-4000-8000-000000000009", "kind": "black"}
    return [
        OldRow(
            "r0001",
            "cases",
            {
                **_PLACE,
                **case,
                "id": 7,
                "opened_at": moment,
                "received_at": moment,
                "state": "confirmed",
                "measures": {"wash_seconds": 4.2},
                "evidence": [
                    {
                        "name": "clean.jpg",
                        "role": "clean",
                        "media_type": "image/jpeg",
                        "size_bytes": 3,
                        "sha256": "0" * 64,
                    }
                ],
                "manifest_sha256": "1" * 64,
            },
        ),
        OldRow(
            "r0001",
            "reviews",
            {
                "id": 4,
                "case_id": 7,
                "decision": "confirm",
                "reason": "泥",
                "reviewer": "李",
                "decided_at": moment,
            },
        ),
        OldRow(
            "r0004",
            "later_packages",
            {
                "id": 5,
                "case_id": 7,
                "key": "3f1d2c84-0000-4000-8000-000000000011",
                "number": 1,
                "stage": "lasting",
                "captured_at": moment,
                "received_at": moment,
                "measures": {},
                "evidence": [],
                "folder": "g" * 36,
                "manifest_sha256": "2" * 64,
            },
        ),
        OldRow(
            "r0003",
            "maintenance_cases",
            {
                **_PLACE,
                **health,
                "id": 2,
                "since": moment,
                "opened_at": moment,
                "healthy_since": None,
                "state": "open",
                "closed_at": None,
                "closed_by": "",
                "note": "",
            },
        ),
        OldRow(
            "r0003",
            "health_observations",
            {
                **_PLACE,
                **health,
                "id": 3,
                "started_at": moment,
                "ended_at": None,
                "figures": {"mean_luma": 3.1},
                "received_at": moment,
                "case_id": 2,
            },
        ),
    ]


def write_old_rows(connection: Connection, revision: str, rows: list[OldRow]) -> None:
    """Insert the rows that a database at this revision can hold."""
    tables = MetaData()
    tables.reflect(connection)
    for row in rows:
        if row.since <= revision and row.table in tables.tables:
            table: Table = tables.tables[row.table]
            connection.execute(table.insert().values(row.values))
