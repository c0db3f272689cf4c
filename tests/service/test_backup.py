"""The drill of docs/backup.md: back up while the queue works, lose everything, put it back, and find every case."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
from sqlalchemy import make_url

from service.api.app import create_app
from service.domain.cases import CaseState
from tests.service.conftest import Api
from vision.evidence.verify import verify_package


def back_up_sqlite(_server, folder, copy):
    with closing(sqlite3.connect(folder / "cases.db")) as source, closing(sqlite3.connect(copy / "cases.db")) as target:
        source.backup(target)


def restore_sqlite(_server, folder, copy):
    shutil.copy(copy / "cases.db", folder / "cases.db")
    return f"sqlite:///{folder}/cases.db"


def run(server, program, *arguments):
    environment = {**os.environ, "PGPASSWORD": make_url(server.url()).password}
    address = ["--host", "127.0.0.1", "--port", str(server.port), "--username", "postgres"]
    subprocess.run([server.programs / program, *address, *arguments], check=True, env=environment)


def database_of(folder):
    return (folder / "database").read_text()


def back_up_postgresql(server, folder, copy):
    run(server, "pg_dump", "--format", "custom", "--file", copy / "cases.dump", database_of(folder))


def restore_postgresql(server, folder, copy):
    url = server.new_database()
    run(server, "pg_restore", "--dbname", make_url(url).database, copy / "cases.dump")
    return url


KINDS = [
    pytest.param("sqlite", back_up_sqlite, restore_sqlite, id="sqlite"),
    pytest.param("postgresql", back_up_postgresql, restore_postgresql, id="postgresql", marks=pytest.mark.postgresql),
]


@pytest.mark.parametrize(("kind", "back_up", "restore"), KINDS)
def test_every_case_of_the_backup_comes_back_with_whole_evidence(
    kind, back_up, restore, tmp_path, make_package, request
):
    folder, copy = tmp_path / "data", tmp_path / "copy"
    folder.mkdir()
    copy.mkdir()
    server = request.getfixturevalue("postgresql") if kind == "postgresql" else None
    url = server.new_database() if server else f"sqlite:///{folder}/cases.db"
    if server:
        (folder / "database").write_text(make_url(url).database)
    app = create_app(url, folder / "evidence", pages=False, is_open=True)
    packages = [make_package() for _ in range(3)]
    for package in packages[:2]:
        assert Api(app).hand_in(package).status_code == 201
    Api(app).post("/api/cases/1/review", json={"decision": "confirm", "reason": "泥"})

    back_up(server, folder, copy)  # the database first: then the evidence of every case in it is there already
    assert Api(app).hand_in(packages[2]).status_code == 201
    shutil.copytree(folder / "evidence", copy / "evidence", ignore=shutil.ignore_patterns(".incoming"))
    app.state.store.close()
    shutil.rmtree(folder / "evidence")

    shutil.copytree(copy / "evidence", folder / "evidence")
    restored = create_app(restore(server, folder, copy), folder / "evidence", pages=False, is_open=True)
    cases = restored.state.store.page().cases
    assert [(case.key, case.state) for case in cases] == [
        (packages[1].key, CaseState.FOUND),
        (packages[0].key, CaseState.CONFIRMED),
    ]
    assert [review.reason for review in restored.state.store.reviews(1)] == ["泥"]
    assert all(verify_package(folder / "evidence" / case.folder) == [] for case in cases)
    late = Api(restored).hand_in(packages[2])  # an edge that still has it sends it again
    assert (late.status_code, late.json()["id"]) == (201, 3)
    restored.state.store.close()
