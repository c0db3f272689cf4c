"""Writers of one process take turns at a SQLite database, and a turn ends however its transaction does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from service.storage.database import lock_for_writing, open_database

WRITERS, TIMES = 12, 10


@pytest.fixture
def engine(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    yield engine
    engine.dispose()


def write(engine, *, fails=False):
    with Session(engine) as session, session.begin():
        lock_for_writing(session)
        if fails:
            raise ValueError("halfway")


def test_many_writers_all_come_to_their_turn(engine):
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda _: [write(engine) for _ in range(TIMES)], range(WRITERS)))


def test_a_writer_that_fails_passes_its_turn_on(engine):
    with pytest.raises(ValueError, match="halfway"):
        write(engine, fails=True)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(write, engine).result(timeout=5)


def test_readers_find_a_connection_while_many_wait_to_write(engine):
    with ThreadPoolExecutor(30) as pool, Session(engine) as holder:
        lock_for_writing(holder)
        waiting = [pool.submit(write, engine) for _ in range(25)]
        with engine.connect() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM cases").scalar() == 0
        holder.rollback()
        assert [each.result(timeout=20) for each in waiting] == [None] * 25
