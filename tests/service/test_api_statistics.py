"""Statistics over HTTP: JSON and CSV say the same, also of hostile names."""

import csv
import io

import pytest

from tests.service.made_cases import MORNING, finding, keep_sites, lead

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
HOSTILE = '=1+1 <b>"x"</b>'


@pytest.fixture(autouse=True)
def cases(app):
    store = app.state.store
    keep_sites(store)
    for number, site in enumerate(("east", "east", "west")):
        case, _ = store.add_or_get(finding(site, minutes=number, site_name=HOSTILE))
        lead(store, case.id, "confirm" if number else "reject", at=MORNING)


def rows(answer):
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_statistics_as_json(api):
    told = api.get("/api/v1/statistics", params=MARCH).json()
    assert (told["first"], told["last"], told["every"], len(told["trend"])) == ("2026-03-01", "2026-03-31", "day", 31)
    assert (told["total"]["found"], told["total"]["confirmed"], told["total"]["rejected"]) == (3, 2, 1)
    assert told["rules"][0]["precision"]["share"] == pytest.approx(2 / 3)
    assert told["reasons"] == [{"reason": "说明", "cases": 1}]


def test_statistics_of_a_district_by_week(api):
    told = api.get("/api/v1/statistics", params={**MARCH, "district": "江西区", "every": "week"}).json()
    assert (told["total"]["found"], told["every"]) == (1, "week")
    assert [point["first"] for point in told["trend"]][:3] == ["2026-03-01", "2026-03-02", "2026-03-09"]


@pytest.mark.parametrize("table", ["trend", "rules", "districts", "hours", "cameras", "models", "reasons"])
def test_each_table_is_a_file_for_spreadsheets(api, table):
    answer = api.get("/api/v1/statistics.csv", params={**MARCH, "table": table})
    assert answer.headers["content-disposition"].endswith(f'-{table}-20260301-20260331.csv"')
    head, *body = rows(answer)
    assert body
    assert {len(row) for row in body} == {len(head)}


def test_a_name_that_looks_like_a_formula_is_text_in_the_file(api):
    body = rows(api.get("/api/v1/statistics.csv", params={**MARCH, "table": "hours"}))[1:]
    assert {row[1] for row in body} == {f"'{HOSTILE}"}


@pytest.mark.parametrize(
    "days", [{"from": "2026-03-02", "to": "2026-03-01"}, {"from": "2000-01-01", "to": "2026-01-01"}]
)
def test_days_that_make_no_period_are_a_problem(api, days):
    answer = api.get("/api/v1/statistics", params=days)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_the_model_that_found_a_case_comes_from_its_manifest(api, package):
    api.hand_in(package)
    told = api.get("/api/v1/statistics", params={"from": "2025-06-01", "to": "2025-06-01"}).json()
    assert [row["name"] for row in told["models"]] == ["site-n@000000000000"]
