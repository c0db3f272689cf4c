"""`dustwatch cases`: files whole or not at all, of what the conditions find."""

import json

import pytest
from typer.testing import CliRunner

from service.cli.cases import app
from service.cli.queue_folder import DATABASE_NAME
from service.errors import NoQueue
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from tests.service.made_cases import finding, keep_sites


@pytest.fixture
def data(tmp_path):
    store = CaseStore(open_database(f"sqlite:///{tmp_path}/{DATABASE_NAME}"))
    keep_sites(store)
    for number, site in enumerate(("east", "west")):
        store.add_or_get(finding(site, minutes=number))
    store.close()
    return tmp_path


def run(data, *arguments):
    return CliRunner().invoke(app, [*map(str, arguments), "--data", str(data)], env={"COLUMNS": "200"})


@pytest.mark.parametrize("ending", ["csv", "xlsx", "geojson"])
def test_cases_are_exported_by_the_files_ending(data, ending):
    out = data / f"cases.{ending}"
    assert run(data, "export", "--out", out, "--district", "江东区", "--found-from", "2026-03-02").exit_code == 0
    assert out.stat().st_size > 0
    if ending == "geojson":
        assert [each["id"] for each in json.loads(out.read_text(encoding="utf-8"))["features"]] == [1]
    assert [path.name for path in data.iterdir() if "unfinished" in path.name] == []


def test_what_can_not_be_written_is_told(data):
    assert "--out" in run(data, "export", "--out", data / "cases.doc").output
    assert "level" in run(data, "export", "--out", data / "cases.csv", "--level", "D").output
    assert "--out" in run(data, "report", "month", "--out", data / "report.doc").output
    assert isinstance(run(data / "nothing", "export", "--out", data / "a.csv").exception, NoQueue)


def test_a_report_is_printed_or_written(data):
    told = json.loads(run(data, "report", "month", "--date", "2026-03-31").stdout)
    assert told["total"]["found"] == 2
    for ending, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("json", b"{")):
        out = data / f"march.{ending}"
        assert run(data, "report", "month", "--date", "2026-03-01", "--out", out).exit_code == 0
        assert out.read_bytes().startswith(begins)
