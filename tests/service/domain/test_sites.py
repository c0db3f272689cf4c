"""Sites, and the tables that they are read from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.office.levels import ControlLevel
from service.domain.site_lines import COLUMNS, read_sites
from service.domain.sites import PartyRole, Site, site_categories

CHINESE = """编号,名称,类别,区县,街道,重点区域,管控级别,点位长,纬度,经度,施工单位,施工单位电话
binjiang-1,滨江一号地块,建筑工地,滨江区,长河街道,是,A级,李工,30.2084,120.212,某建设集团,0571-1
binjiang-2,"二号,北",water,滨江区,,否,,,,,,
"""


def test_there_are_six_kinds():
    assert len(site_categories()) == 6
    assert site_categories()["demolition"].zh == "拆迁工地"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheets_table_is_read(encoding):
    read = read_sites(CHINESE.encode(encoding))
    assert read.problems == ()
    first, second = read.sites
    assert (first.category, first.is_key_area, first.control_level) == ("construction", True, ControlLevel.A)
    assert first.position.latitude == 30.2084
    assert first.party(PartyRole.BUILDER).contact == "0571-1"
    assert (second.name, second.control_level, second.position) == ("二号,北", ControlLevel.B, None)
    assert second.party(PartyRole.BUILDER) is None


def test_each_fault_is_told_by_its_line():
    content = (
        "id,name,category,district,is_key_area,latitude,longitude\n"
        "a,甲,construction,区,no,,\n"
        ",乙,construction,区,no,,\n"
        "b,丙,castle,区,no,,\n"
        "\n"
        "c,丁,road,区,perhaps,,\n"
        "d,戊,road,区,no,130,30\n"
        "a,己,road,区,no,,\n"
        "e,庚,road,区,no,,,more\n"
    )
    problems = read_sites(content.encode()).problems
    assert [problem.split(":")[0] for problem in problems] == [
        f"第 {number} 行 line {number}" for number in (3, 4, 6, 7, 8, 9)
    ]
    for told, problem in zip(("id", "castle", "perhaps", "confused", "line 2", "cells"), problems, strict=True):
        assert told in problem


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the column id (编号) is missing"),
        (b"id,name,category,district,colour\n", "unknown column 'colour'"),
        ("id,编号,name,category,district\n".encode(), "the column id comes twice"),
        (b'id,name,category,district\na,"b,c,d\n', "no CSV"),
        (b"\xff\xff\xff", "neither UTF-8"),
    ],
)
def test_a_file_that_is_no_table_of_sites(content, told):
    read = read_sites(content)
    assert read.sites == ()
    assert told in "; ".join(read.problems)


@given(st.binary(max_size=200))
def test_no_content_breaks_the_reader(content):
    read = read_sites(",".join(COLUMNS).encode() + b"\n" + content)
    assert len(read.sites) <= content.count(b"\n") + content.count(b"\r") + 1


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": "a/b"},
        {"name": " "},
        {"name": "a\nb"},
        {"category": "castle"},
        {"control_level": "D"},
        {"position": {"latitude": 120, "longitude": 30}},
        {"parties": [{"role": "guest", "name": "x"}]},
        {"colour": "red"},
    ],
)
def test_a_site_that_makes_no_sense_is_refused(change):
    site = {"id": "a", "name": "甲", "category": "road", "district": "区"}
    Site.model_validate(site)
    with pytest.raises(ValidationError):
        Site.model_validate({**site, **change})
