"""Opening the database: migrations, pragmas, times, and what its failures become."""

import errno
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, OperationalError

from service.domain.cases import Decision
from service.domain.lifecycle import replay
from service.errors import DatabaseUnusable, StorageBusy, StorageFull
from service.storage.case_store import CaseStore
from service.storage.columns import UtcDateTime
from service.storage.database import open_database, storage_errors
from service.storage.migrate import alembic_config, upgrade_to_head
from service.storage.tables import Base


@pytest.fixture
def sqlite_engine(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/deeper/still/cases.db")
    yield engine
    engine.dispose()


def test_the_migrated_tables_are_those_of_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing_and_keeps_rows(engine):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (x INTEGER)"))
    upgrade_to_head(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM kept")) == 0


def test_migrations_can_be_undone(engine):
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}


def test_of_services_that_start_at_once_one_migrates(database_url):
    code = "import sys; from service.storage.database import open_database; open_database(sys.argv[1])"
    starts = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(2)]
    assert [start.wait(120) for start in starts] == [0, 0]


def test_sqlite_is_set_up_for_several_writers_and_power_cuts(sqlite_engine):
    with sqlite_engine.connect() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "synchronous": 2}


_INSERT_REVIEW = text(
    "INSERT INTO reviews (id, case_id, decision, reason, reviewer, decided_at) "
    "VALUES (1, 99, 'confirm', 'mud', '', '2025-06-01 00:00:00.000000')"
)


def test_reviews_of_before_corrections_are_kept_both_ways(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    config = alembic_config()
    for step, direction in (("r0001", command.upgrade), ("r0003", command.upgrade), ("r0001", command.downgrade)):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            direction(config, step)
            if step == "r0001" and direction is command.upgrade:
                connection.execute(_INSERT_REVIEW)
            columns = connection.execute(text("SELECT * FROM reviews")).mappings().one()
            assert columns["reason"] == "mud"
            assert columns.get("correction") is None
            assert ("correction" in columns) == (step == "r0003")
    engine.dispose()


_INSERT_CASE = text(
    "INSERT INTO cases (id, key, rule, site_id, site_name, camera_id, camera_name, opened_at, received_at, state, "
    "measures, evidence, folder, manifest_sha256) VALUES (5, 'k', 'uncovered_soil', 's', '工地', 'c', '堆场', "
    "'2025-06-01 00:00:00.000000', '2025-06-01 00:00:00.000000', 'confirmed', '{\"lasted_s\": 2}', '[]', 'k', '0')"
)


def test_cases_of_before_later_pictures_are_kept_both_ways(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    engine, config = create_engine(url), alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "r0003")
        connection.execute(_INSERT_CASE)
    opened = open_database(url)
    case = CaseStore(opened).get(5)
    assert (case.site_name, case.measures, case.later, case.ended_at) == ("工地", {"lasted_s": 2}, (), None)
    opened.dispose()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "r0003")
        assert connection.scalar(text("SELECT site_name FROM cases WHERE id = 5")) == "工地"
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        assert "later_packages" not in tables
    engine.dispose()


_OLD_CASE = text(
    "INSERT INTO cases (id, key, rule, site_id, site_name, camera_id, camera_name, opened_at, received_at, state, "
    "measures, evidence, folder, manifest_sha256) VALUES (:id, :id, 'uncovered_soil', 's', '工地', 'c', '摄像机', "
    "'2025-06-01 00:00:00.000000', '2025-06-01 00:00:01.000000', :state, '{}', '[]', 'f', '0')"
)
_OLD_REVIEW = text(
    "INSERT INTO reviews (id, case_id, decision, reason, reviewer, decided_at, correction) "
    "VALUES (:id, :case_id, :decision, :reason, :reviewer, '2025-06-01 00:00:02.000000', :correction)"
)
_DRAWN = '{"areas": [{"class_name": "bare_soil", "points": [[0, 0], [1, 0], [0, 1]]}], "boxes": []}'


def _old_queue(connection):
    for number, state in ((1, "found"), (2, "confirmed"), (3, "rejected"), (4, "found")):
        connection.execute(_OLD_CASE, {"id": number, "state": state})
    reviews = [
        (1, 2, "reject", "was_washed", "王工", None),
        (2, 4, "confirm", "", "", None),
        (3, 2, "undo", "", "李工", None),
        (5, 2, "confirm", "看过", "李工", _DRAWN),
        (6, 3, "reject", "", "王工", None),
        (9, 4, "undo", "", "王工", None),
    ]
    names = ("id", "case_id", "decision", "reason", "reviewer", "correction")
    for review in reviews:
        connection.execute(_OLD_REVIEW, dict(zip(names, review, strict=True)))
    return connection.execute(text("SELECT * FROM reviews ORDER BY id")).all()


def test_every_review_of_before_is_a_step_of_the_history_and_a_review_again(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    engine = create_engine(url)
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "r0003")
        before = _old_queue(connection)
    store = CaseStore(open_database(url))
    steps = {number: store.history(number) for number in (1, 2, 3, 4)}
    assert {number: len(history) for number, history in steps.items()} == {1: 0, 2: 3, 3: 1, 4: 2}
    for number, history in steps.items():
        case = store.get(number)
        assert replay(history) is case.state
        assert (case.version, case.due_at) == (len(history), None)
        assert case.changed_by == (history[-1].actor.name if history else "")
    last = store.reviews(2)[-1]
    assert (last.decision, last.reason, last.reviewer) == (Decision.CONFIRM, "看过", "李工")
    assert last.correction.areas[0].class_name == "bare_soil"
    assert last.decided_at == datetime(2025, 6, 1, 0, 0, 2, tzinfo=UTC)
    store.decide(4, Decision.CONFIRM, at=last.decided_at)
    assert store.revision().last_step == 10  # numbers go on, none is given twice
    store.close()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM case_steps WHERE id = 10"))
        config.attributes["connection"] = connection
        command.downgrade(config, "r0003")
        columns = "id, case_id, decision, reason, reviewer, decided_at, correction"
        after = connection.execute(text(f"SELECT {columns} FROM reviews ORDER BY id")).all()
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    engine.dispose()


def test_a_step_needs_its_case(engine):
    insert = text(
        "INSERT INTO case_steps (case_id, number, step, before, after, actor, role, at, reason, party) "
        "VALUES (99, 1, 'confirm', 'found', 'confirmed', '', 'reviewer', '2025-06-01 00:00:00.000000', '', '')"
    )
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert)


aware = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the timezone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-720, 840)),
)


@given(aware)
def test_times_come_back_as_the_same_instant_in_utc(moment):
    column = UtcDateTime()
    stored = column.process_bind_param(moment, sqlite.dialect())
    back = column.process_result_value(stored.replace(tzinfo=None), sqlite.dialect())
    assert back == moment
    assert back.tzinfo is UTC


def test_a_time_without_timezone_is_refused():
    with pytest.raises(ValueError, match="no timezone"):
        UtcDateTime().process_bind_param(datetime(2025, 6, 1), sqlite.dialect())  # noqa: DTZ001


def test_no_time_stays_no_time():
    assert UtcDateTime().process_bind_param(None, sqlite.dialect()) is None
    assert UtcDateTime().process_result_value(None, sqlite.dialect()) is None


def test_a_full_disk_is_told_by_its_name():
    with pytest.raises(StorageFull), storage_errors():
        raise OSError(errno.ENOSPC, "no space")
    with pytest.raises(PermissionError), storage_errors():
        raise PermissionError(errno.EACCES, "no")


def test_a_full_database_is_told_by_its_name(sqlite_engine):
    with sqlite_engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        insert = text("CREATE TABLE big AS SELECT zeroblob(1000000) AS x")
        with pytest.raises(StorageFull), storage_errors():
            connection.execute(insert)


def test_a_locked_database_is_told_by_its_name(tmp_path):
    path = tmp_path / "locked.db"
    with sqlite3.connect(path) as holder:
        holder.execute("CREATE TABLE t (x)")
        holder.commit()
        holder.execute("BEGIN EXCLUSIVE")
        impatient = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
        with pytest.raises(StorageBusy), storage_errors(), impatient.begin() as connection:
            connection.execute(text("INSERT INTO t VALUES (1)"))
        impatient.dispose()
    holder.close()


def test_other_database_errors_pass(sqlite_engine):
    with pytest.raises(OperationalError), storage_errors(), sqlite_engine.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere"))


def test_a_file_that_is_no_database_is_told_with_its_name(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no database, but longer than the header that SQLite looks for: " + "x" * 200)
    with pytest.raises(DatabaseUnusable, match=r"notes\.txt.*not a database"):
        open_database(f"sqlite:///{path}")


def test_a_database_of_a_newer_version_is_told(tmp_path):
    url = f"sqlite:///{tmp_path}/cases.db"
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    engine.dispose()
    with pytest.raises(DatabaseUnusable, match="newer version"):
        open_database(url)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://someone:secret@/cases.db",
        "mysql+nothing://someone:secret@host/cases",
        "secret is no address",
        "postgresql://someone:secret@127.0.0.1:1/cases",
    ],
)
def test_an_address_that_can_not_work_is_told_without_its_password(url):
    with pytest.raises(DatabaseUnusable) as caught:
        open_database(url)
    assert "secret@" not in str(caught.value)


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(DatabaseUnusable, match="unable to open"):
        open_database(f"sqlite:///{tmp_path}")
