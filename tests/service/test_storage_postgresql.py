"""What only PostgreSQL shows: what its failures become, passwords that stay unsaid, numbers in their order."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from service.domain.cases import Decision
from service.errors import DatabaseUnusable, StorageBusy
from service.storage.case_store import CaseStore
from service.storage.database import known_failure, lock_for_writing, open_database, storage_errors
from tests.conftest import free_port, wait_until
from tests.service.postgresql_server import PASSWORD

pytestmark = pytest.mark.postgresql


@pytest.fixture
def engine(postgresql):
    engine = open_database(postgresql.new_database())
    yield engine
    engine.dispose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_any_writing_of_the_address_means_the_driver_that_is_installed(postgresql, scheme):
    engine = open_database(postgresql.new_database().replace("postgresql", scheme, 1))
    assert engine.driver == "psycopg"
    engine.dispose()


def test_a_wrong_password_is_refused_and_told_without_it(postgresql):
    with pytest.raises(DatabaseUnusable, match="authentication failed") as caught:
        open_database(postgresql.url(password="wrong-" + PASSWORD))
    assert PASSWORD not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_is_not_there_is_told_in_one_line():
    with pytest.raises(DatabaseUnusable, match=r"127\.0\.0\.1") as caught:
        open_database(f"postgresql://someone:{PASSWORD}@127.0.0.1:{free_port()}/cases")
    assert PASSWORD not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_that_can_not_hold_chinese_is_refused(postgresql):
    with pytest.raises(DatabaseUnusable, match="SQL_ASCII"):
        open_database(postgresql.new_database(encoding="SQL_ASCII"))


def test_a_statement_that_waits_too_long_for_a_lock_is_busy(engine):
    with Session(engine) as holder, holder.begin():
        lock_for_writing(holder)
        with pytest.raises(StorageBusy), storage_errors(), Session(engine) as other, other.begin():
            other.execute(text("SET LOCAL lock_timeout = 50"))
            lock_for_writing(other)


def test_a_server_that_hangs_up_is_busy_and_used_again_afterwards(postgresql, engine, make_finding):
    store = CaseStore(engine)
    store.add_or_get(make_finding())
    with pytest.raises(StorageBusy), storage_errors(), Session(engine) as session:
        own = session.scalar(text("SELECT pg_backend_pid()"))
        postgresql.execute(f"SELECT pg_terminate_backend({own})")
        session.execute(text("SELECT 1"))
    assert store.add_or_get(make_finding())[1]


def test_a_full_disk_is_told_by_its_name(engine):
    raised = "DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"
    with engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(text(raised))
    assert "disk" in str(known_failure(caught.value))


def test_mistakes_of_ours_pass(engine):
    with pytest.raises(ProgrammingError), storage_errors(), engine.connect() as connection:
        connection.execute(text("SELECT * FROM nowhere"))


def test_a_decision_waits_for_the_writer_before_it_so_that_the_newest_number_hides_none(engine, make_finding):
    store = CaseStore(engine)
    case, _ = store.add_or_get(make_finding())
    decided = threading.Event()

    def decide():
        store.decide(case.id, Decision.CONFIRM, at=case.received_at)
        decided.set()

    with Session(engine) as writer, writer.begin():
        lock_for_writing(writer)
        before = store.revision()
        thread = threading.Thread(target=decide)
        thread.start()
        wait_until(lambda: _waiting(engine), 30, "the decision waits for the lock")
        assert store.revision() == before
        assert not decided.is_set()
    thread.join(30)
    assert store.revision() != before


def _waiting(engine):
    with engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return connection.scalar(text(waiting)) == 1


def test_what_is_told_again_in_a_moment_is_kept_out_of_the_log_and_all_else_in_it(engine):
    query = text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u'")
    with engine.connect() as connection:
        assert set(connection.scalars(query)) == {"camera_pictures", "live_views"}
