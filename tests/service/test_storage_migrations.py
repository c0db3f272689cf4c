"""Migrations: from every revision that a release ever had, with its data, on either database."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.domain.cases import CaseState
from service.domain.maintenance import MaintenanceState
from service.domain.office.alert_periods import AlertPeriod
from service.domain.office.levels import AlertLevel, ControlLevel
from service.dust.reading import Factor, Period
from service.office_rules import shipped_rules
from service.storage.alert_store import AlertStore
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.dust_store import DustStore
from service.storage.health_store import HealthStore
from service.storage.layout_store import LayoutStore
from service.storage.maintenance_store import MaintenanceStore
from service.storage.migrate import alembic_config
from service.storage.site_store import SiteStore
from service.storage.tables import Base
from tests.service.later_old_rows import MACHINE, SESSION, later_old_rows
from tests.service.old_rows import old_rows, write_old_rows

MINUTE = timedelta(minutes=1)
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
        write_old_rows(connection, revision, [*old_rows(MOMENT), *later_old_rows(MOMENT)])
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
    check_what_stands_beside_cases(engine, revision)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def check_what_stands_beside_cases(engine, revision):
    if revision >= "r0005":
        (state,) = DustStore(engine).instruments()
        (reading,) = DustStore(engine).readings(state.instrument.number, Period.MINUTE, MOMENT, MOMENT + MINUTE)
        assert reading.factors[Factor.TSP].value == 300.0
    if revision >= "r0006":
        kept = SiteStore(engine).get("s-01")
        assert (kept.site.control_level, kept.site.point_keeper, kept.version) == (ControlLevel.B, "李工", 3)
    if revision >= "r0008":
        user = Accounts(engine, lambda: MOMENT + MINUTE).session_user(SESSION)
        assert (user.plan.name, user.plan.scope.districts) == ("wang", {"滨江区"})
        machine = Accounts(engine, lambda: MOMENT + MINUTE).tokens.principal(MACHINE, MOMENT + MINUTE)
        assert (machine.name, machine.is_bound) == ("edge-1", False)
    if revision >= "r0013":
        (layout,) = LayoutStore(engine).newest(["s-01-gate"])
        assert (layout.version, len(layout.layout.zones.yard)) == (2, 3)
    if revision >= "r0015":
        assert AlertStore(engine, shipped_rules()).periods() == (AlertPeriod(MOMENT, None, AlertLevel.ORANGE),)


def test_there_is_one_line_of_revisions():
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_going_back_before_tokens_of_sites_leaves_none_that_would_be_good_for_the_whole_city(database_url):
    engine = open_database(database_url)
    accounts = Accounts(engine, lambda: MOMENT)
    for name, sites in (("bound", ["s-01"]), ("unbound", [])):
        accounts.tokens.add(name, {MachineScope.HEALTH_WRITE}, accounts.entry("test", Action.TOKEN_MADE), sites=sites)
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "r0021")
        assert connection.scalars(text("SELECT name FROM machine_tokens")).all() == ["unbound"]
        command.upgrade(config, "head")
    assert [(each.name, each.sites) for each in accounts.tokens.tokens()] == [("unbound", frozenset())]
    engine.dispose()
