"""Reports over HTTP: JSON, workbook and PDF say the same, also of hostile names."""

import io

import pytest
from openpyxl import load_workbook

from tests.service.casefile.reading import embedded_fonts, text_of
from tests.service.made_cases import MORNING, finding, keep_sites, lead

MARCH = {"date": "2026-03-31"}
REPORT = "/api/v1/reports/month"
HOSTILE = '=1+1 #include("/etc/passwd") $x$ <b> 😀'


@pytest.fixture(autouse=True)
def cases(app):
    store = app.state.store
    keep_sites(store)
    for number, site in enumerate(("east", "east", "west")):
        case, _ = store.add_or_get(finding(site, minutes=number))
        lead(store, case.id, "confirm", "assign", at=MORNING, party=HOSTILE)


def test_a_report_as_json(api):
    told = api.get(REPORT, params=MARCH).json()
    assert (told["first"], told["last"], told["begins_at"]) == ("2026-03-01", "2026-03-31", "2026-02-28T16:00:00Z")
    assert (told["total"]["found"], told["total"]["confirmed"]) == (3, 3)
    assert [(row["name"], row["figures"]["found"]) for row in told["by_district"]] == [("江东区", 2), ("江西区", 1)]
    assert told["repeat_offenders"] == [{"site_id": "east", "site_name": "江东一号", "district": "江东区", "cases": 2}]


def test_a_report_as_a_workbook_holds_names_as_text(api):
    answer = api.get(f"{REPORT}.xlsx", params=MARCH)
    book = load_workbook(io.BytesIO(answer.content))
    assert [row[:3] for row in book["区县"].iter_rows(values_only=True)][1:] == [("江东区", 2, 2), ("江西区", 1, 1)]
    party = book["责任单位"]["A2"]
    assert (party.value, party.data_type) == (HOSTILE, "s")
    assert answer.headers["content-disposition"] == 'attachment; filename="report-month-20260301.xlsx"'


def test_a_report_as_a_pdf_is_in_chinese_with_its_fonts_and_shows_names_as_they_are(api):
    answer = api.get(f"{REPORT}.pdf", params=MARCH)
    assert answer.headers["content-type"] == "application/pdf"
    text = text_of(answer.content)
    for told in ("扬尘违规月报", "2026-03-01至2026-03-31", "江东区", "建筑工地", "车辆未冲洗", "屡犯工地", "$x$<b>"):
        assert told in text, told
    assert all(embedded_fonts(answer.content).values())


@pytest.mark.parametrize("length", ["day", "week", "month"])
def test_a_report_of_today_may_be_empty(api, length):
    assert api.get(f"/api/v1/reports/{length}").json()["total"]["found"] == 0
    assert api.get(f"/api/v1/reports/{length}.pdf").content.startswith(b"%PDF")
    assert api.get(f"/api/v1/reports/{length}.xlsx").status_code == 200


@pytest.mark.parametrize(
    "query", ["month?date=1", "month?date=0001-01-01", "month?date=9999-12-31", "year", "month.doc"]
)
def test_a_wrong_report_is_a_problem(api, query):
    answer = api.get(f"/api/v1/reports/{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_report_holds_the_red_and_black_lists_and_the_coverage_with_their_formula(api):
    told = api.get(REPORT, params=MARCH).json()
    assert told["ranking"]["rules"] == "default-1"
    assert {each["site"]["id"] for each in told["ranking"]["items"]} == {"east", "west", "north"}
    assert told["coverage"]["day"] == "2026-03-31"
    book = load_workbook(io.BytesIO(api.get(f"{REPORT}.xlsx", params=MARCH).content))
    assert [cell.value for cell in book["红黑榜"][1]] == ["榜单", "工地", "名次", "得分", "计算公式", "原因"]
    notes = [row[0] for row in book["说明"].iter_rows(values_only=True)]
    assert any("得分 = 100 - 3 x 车辆未冲洗 - 5 x 裸土未覆盖" in note for note in notes)
    text = text_of(api.get(f"{REPORT}.pdf", params=MARCH).content)
    assert "红黑榜" in text
    assert "重点区域检查" in text
