"""Migrations: from every revision that a release ever had, with its data, on either database."""

from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from service.domain.cases import CaseState
from service.domain.maintenance import MaintenanceState
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.health_store import HealthStore
from service.storage.maintenance_store import MaintenanceStore
from service.storage.migrate import alembic_config
from service.storage.tables import Base
from tests.service.old_rows import old_rows, write_old_rows

MOMENT = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)
REVISIONS = sorted(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


def write_database_of(url, revision):
    """Make a database as it was at the revision, with what releases of then wrote."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        write_old_rows(connection, revision, old_rows(MOMENT))
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_revision_is_migrated_with_its_data(database_url, revision, tmp_path, make_finding):
    (tmp_path / "deeper" / "still").mkdir(parents=True)
    write_database_of(database_url, revision)
    engine = open_database(database_url)
    store, maintenance = CaseStore(engine), MaintenanceStore(engine)

    case = store.get(7)
    assert (case.state, case.opened_at, case.camera_name) == (CaseState.CONFIRMED, MOMENT, "东门出口")
    assert case.measures == {"wash_seconds": 4.2}
    assert [item.name for item in case.evidence] == ["clean.jpg"]
    if revision >= "r0003":
        assert maintenance.get(2).state is MaintenanceState.OPEN
        assert [report.figures for report in HealthStore(engine).ongoing()] == [{"mean_luma": 3.1}]
    if revision >= "r0004":
        assert [later.number for later in case.later] == [1]
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_there_is_one_line_of_revisions():
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1
