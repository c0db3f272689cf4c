"""`dustwatch sites`: a table is taken whole or not at all."""

import pytest
from typer.testing import CliRunner

from service.cli.queue_folder import DATABASE_NAME
from service.cli.sites import app
from service.errors import BadSites, NoQueue
from service.storage.database import open_database
from service.storage.site_store import SiteStore

TABLE = "编号,名称,类别,区县\nbinjiang-1,滨江一号地块,建筑工地,滨江区\nbinjiang-2,滨江二号地块,road,滨江区\n"


@pytest.fixture
def data(tmp_path):
    open_database(f"sqlite:///{tmp_path}/{DATABASE_NAME}").dispose()
    return tmp_path


def run(data, *arguments):
    return CliRunner().invoke(app, [*arguments, "--data", str(data)], env={"COLUMNS": "200"})


def kept(data):
    page = SiteStore(open_database(f"sqlite:///{data}/{DATABASE_NAME}")).page()
    return {each.site.id: each.site.name for each in page.sites}


def test_a_table_is_checked_then_taken_then_listed(data):
    file = data / "sites.csv"
    file.write_text(TABLE, "gb18030")
    assert run(data, "import", str(file), "--dry-run").exit_code == 0
    assert kept(data) == {}
    assert run(data, "import", str(file)).exit_code == 0
    assert kept(data) == {"binjiang-1": "滨江一号地块", "binjiang-2": "滨江二号地块"}
    listed = run(data, "list").output
    assert "滨江二号地块" in listed
    assert "道路工程" in listed


def test_with_a_faulty_line_nothing_is_taken(data):
    file = data / "sites.csv"
    file.write_text(TABLE + "binjiang-3,,road,滨江区\n" + "x,y,castle,z\n" * 30, "utf-8")
    failed = run(data, "import", str(file)).exception
    assert isinstance(failed, BadSites)
    assert "第 4 行 line 4: name" in str(failed)
    assert len(str(failed).splitlines()) < 25
    assert kept(data) == {}


def test_without_a_queue_that_is_told(tmp_path):
    assert isinstance(run(tmp_path, "list").exception, NoQueue)


def test_the_columns_are_told(tmp_path):
    told = CliRunner().invoke(app, ["columns"]).output
    assert "编号\tid *" in told
    assert "拆迁工地 demolition" in told
