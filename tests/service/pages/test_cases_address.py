"""What the address of the cases' page tells, and how it is written."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from service.domain.cases import CaseState
from service.pages.cases_address import CasesAddress, View
from service.storage.list_position import CaseOrder


def test_an_empty_address_asks_for_everything_on_the_board():
    address = CasesAddress.of({})
    assert (address.view, address.order, address.is_filtered, address.query()) == (
        View.BOARD,
        CaseOrder.FOUND,
        False,
        "",
    )


def test_a_link_tells_the_filter_and_reads_back_the_same():
    told = {"view": "table", "state": "assigned", "district": "滨江区", "found_from": "2026-03-02", "overdue": "true"}
    address = CasesAddress.of(told)
    assert (address.state, address.found_from, address.overdue) == (CaseState.ASSIGNED, date(2026, 3, 2), True)
    read = CasesAddress.of(dict(pair.split("=") for pair in address.query().split("&")) | {"district": "滨江区"})
    assert read == address


def test_exports_are_asked_for_by_the_filter_alone():
    address = CasesAddress.of({"view": "table", "order": "due", "case": "3", "rule": "uncovered_soil"})
    assert address.filter_query() == "rule=uncovered_soil"


def test_what_makes_no_sense_is_left_out_and_the_rest_holds():
    address = CasesAddress.of({"state": "lost", "found_from": "yesterday", "site": "east", "nonsense": "1"})
    assert (address.state, address.found_from, address.site) == (None, None, "east")


def test_another_filter_begins_at_the_first_page_and_an_opened_case_does_not():
    address = CasesAddress.of({"view": "table", "cursor": "abc"})
    assert address.changed(case=4).cursor == "abc"
    assert address.changed(site="east").cursor is None
    assert address.changed(site="east").changed(site=None).site is None


@given(st.dictionaries(st.sampled_from([*CasesAddress.model_fields, "other"]), st.text(max_size=30)))
def test_any_address_is_read(told):
    address = CasesAddress.of(told)
    assert CasesAddress.of(address.model_dump(exclude_none=True, mode="json") | {"overdue": ""}) is not None
