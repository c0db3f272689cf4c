"""Exports over HTTP: what the filter finds, on both databases through the same list."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from tests.service.made_cases import finding, keep_sites

EXPORT = "/api/v1/cases/export"


@pytest.fixture(autouse=True)
def cases(app):
    keep_sites(app.state.store)
    for number, site in enumerate(("east", "west", "north", "unlisted")):
        app.state.store.add_or_get(finding(site, minutes=number))


def test_csv_holds_what_the_filter_finds(api):
    answer = api.get(f"{EXPORT}.csv", params={"district": "江东区"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].endswith('.csv"')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ["3", "1"]


def test_a_workbook_holds_every_case(api):
    sheet = load_workbook(io.BytesIO(api.get(f"{EXPORT}.xlsx").content)).active
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [4, 3, 2, 1]


def test_a_map_has_a_point_for_each_site_that_has_one(api):
    answer = api.get(f"{EXPORT}.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    points = {each["id"]: each["geometry"] is not None for each in json.loads(answer.content)["features"]}
    assert points == {4: False, 3: False, 2: True, 1: True}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson"])
def test_a_wrong_filter_is_a_problem(api, kind):
    answer = api.get(f"{EXPORT}.{kind}?stat=found")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
