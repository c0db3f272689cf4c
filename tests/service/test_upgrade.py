"""Upgrade and rollback as docs/deployment.md has them: older tables with data, work with the newer ones, and back.

The older software itself is not at hand here: what stands for it is Alembic, which knows no revision after its own.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, make_url, text
from structlog.testing import capture_logs

from service.api.app import create_app
from service.errors import DatabaseUnusable
from service.storage.database import open_database
from service.storage.migrate import alembic_config
from tests.service.conftest import REPOSITORY, Api
from tests.service.later_old_rows import later_old_rows
from tests.service.old_rows import old_rows, write_old_rows
from tests.service.postgresql_server import PostgresqlServer
from tests.service.test_backup import run

pytestmark = pytest.mark.postgresql

OLD, NEWEST = "r0012", ScriptDirectory.from_config(alembic_config()).get_current_head()
MOMENT = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


def plain_engine(url: str) -> Engine:
    """An engine that migrates nothing."""
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"))


def revision_and_cases(url: str) -> tuple[str | None, int]:
    engine = plain_engine(url)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        cases = connection.execute(text("SELECT count(*) FROM cases")).scalar_one()
    engine.dispose()
    return revision, cases


@pytest.fixture
def old(postgresql: PostgresqlServer) -> str:
    """The URL of a database that an older version made and wrote into."""
    url = postgresql.new_database()
    engine, config = plain_engine(url), alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, OLD)
        write_old_rows(connection, OLD, [*old_rows(MOMENT), *later_old_rows(MOMENT)])
    engine.dispose()
    return url


def test_an_upgrade_is_told_in_the_log_once(old: str) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            open_database(old).dispose()
    told = [(line["revision_before"], line["revision"]) for line in logs if line["event"] == "database.migrated"]
    assert told == [(OLD, NEWEST)]


def test_an_upgraded_queue_works_and_goes_back_by_the_backup(
    old: str, postgresql: PostgresqlServer, tmp_path: Path, make_package
) -> None:
    before = revision_and_cases(old)
    run(postgresql, "pg_dump", "--format", "custom", "--file", tmp_path / "cases.dump", make_url(old).database)

    app = create_app(old, tmp_path / "evidence", pages=False, is_open=True)
    package = make_package()
    assert Api(app).hand_in(package).status_code == 201
    app.state.store.close()
    assert revision_and_cases(old) == (NEWEST, before[1] + 1)

    back = postgresql.new_database()
    run(postgresql, "pg_restore", "--dbname", make_url(back).database, tmp_path / "cases.dump")
    assert revision_and_cases(back) == before

    again = create_app(back, tmp_path / "evidence", pages=False, is_open=True)  # the same upgrade, tried once more
    answer = Api(again).hand_in(package)  # its evidence is there still, its case is not
    assert (answer.status_code, revision_and_cases(back)) == (201, (NEWEST, before[1] + 1))
    again.state.store.close()


def test_tables_of_a_newer_version_are_refused_and_left_as_they_are(
    old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(old).dispose()
    migrations = REPOSITORY / "service" / "storage" / "migrations"
    shutil.copytree(migrations, tmp_path / "migrations")
    for script in (tmp_path / "migrations" / "versions").glob("r*.py"):
        if script.name[:5] > OLD:
            script.unlink()
    monkeypatch.setattr("service.storage.migrate._SCRIPTS", tmp_path / "migrations")
    with pytest.raises(DatabaseUnusable, match="newer version"):
        open_database(old)
    assert revision_and_cases(old)[0] == NEWEST
