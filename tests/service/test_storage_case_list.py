"""Lists of cases: whatever is asked for, every case that fits comes once, in its order."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.cases import CaseState
from service.domain.office.levels import ControlLevel
from service.errors import BadCursor
from service.storage.case_filter import CaseFilter
from service.storage.case_list import CaseList
from service.storage.list_position import CaseOrder, ListPosition
from tests.service.made_cases import MORNING, SITES, finding, keep_sites, lead

LEVELS = {"east": ControlLevel.A, "west": ControlLevel.B, "north": ControlLevel.C}
PLACES = {site["id"]: site for site in SITES}


@pytest.fixture
def city(store):
    """Twenty-eight cases of four sites, several of one moment, in several states; one site is in no list."""
    keep_sites(store)
    for number in range(28):
        site = ("east", "west", "north", "unlisted")[number % 4]
        camera = "gate" if number % 3 else "yard"
        rule = "uncovered_soil" if number % 5 == 0 else "unwashed_truck"
        case, _ = store.add_or_get(finding(site, camera, minutes=number // 6 * 700, rule=rule))
        if number % 2:
            lead(store, case.id, "confirm", "assign", at=case.received_at, party=f"单位{number % 3}")
        elif number % 7 == 0:
            lead(store, case.id, "reject", at=case.received_at)
    return store


@pytest.fixture
def cases(city):
    return [city.get(number) for number in range(1, city.revision().last_case + 1)]


def fits(case, wanted):
    """What a filter means, in plain words; `text` is told apart."""
    site = PLACES.get(case.site_id, {})
    equal = (
        (wanted.state, case.state),
        (wanted.rule, case.rule),
        (wanted.camera_id, case.camera_id),
        (wanted.site_id, case.site_id),
        (wanted.district, site.get("district")),
        (wanted.street, site.get("street")),
        (wanted.level, LEVELS.get(case.site_id)),
        (wanted.party, case.assigned_to),
    )
    return (
        wanted.scope.allows(case.site_id, site.get("district", ""), site.get("street", ""))
        and all(asked is None or asked == value for asked, value in equal)
        and (wanted.found_from is None or case.opened_at >= wanted.found_from)
        and (wanted.found_to is None or case.opened_at < wanted.found_to)
        and (wanted.overdue_at is None or (case.due_at is not None and case.due_at < wanted.overdue_at))
        and (wanted.text is None or wanted.text.lower() in f"{case.site_name} {case.camera_name} {case.camera_id}")
    )


def maybe(*values):
    return st.none() | st.sampled_from(values)


moments = st.none() | st.integers(0, 70).map(lambda hours: MORNING + timedelta(hours=hours))
filters = st.builds(
    CaseFilter,
    state=maybe(CaseState.FOUND, CaseState.ASSIGNED, CaseState.CLOSED),
    rule=maybe("unwashed_truck", "uncovered_soil", "unknown"),
    camera_id=maybe("east-gate", "west-yard"),
    site_id=maybe("north", "unlisted"),
    district=maybe("江东区", "江西区", "别处"),
    street=maybe("河东街道", "北苑街道"),
    level=maybe(ControlLevel.A, ControlLevel.B),
    found_from=moments,
    found_to=moments,
    overdue_at=moments,
    party=maybe("单位1", ""),
    text=maybe("大桥", "50%", "%", "_", "EAST", "门", "无此"),
    scope=st.sampled_from(
        [
            EVERYWHERE,
            Scope(),
            Scope(districts={"江东区"}),
            Scope(streets={"江西区/北苑街道"}, sites={"east"}),
            Scope(sites={"unlisted"}),
        ]
    ),
)
# Half of the conditions at most, or hardly any filter would find anything.
some_filters = st.tuples(filters, st.sets(st.sampled_from(list(vars(CaseFilter()))), min_size=7)).map(
    lambda drawn: replace(drawn[0], **{name: vars(CaseFilter())[name] for name in drawn[1]})
)


@settings(max_examples=70, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=some_filters, limit=st.integers(1, 30), order=st.sampled_from(CaseOrder))
def test_the_pages_hold_every_case_that_fits_once_and_in_order(city, cases, wanted, limit, order):
    found = CaseList(city.engine)
    seen, cursor = [], None
    while True:
        page = found.page(wanted, order=order, limit=limit, cursor=cursor)
        seen += page.cases
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.cases) == limit
    expected = [case for case in cases if fits(case, wanted)]
    if order is CaseOrder.FOUND:
        expected.sort(key=lambda case: (case.opened_at, case.id), reverse=True)
    else:
        expected = sorted((each for each in expected if each.due_at), key=lambda case: (case.due_at, case.id))
    assert seen == expected


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=some_filters, at_once=st.integers(1, 45))
def test_lines_are_those_of_the_list_whatever_the_portions(city, wanted, at_once):
    lines = list(CaseList(city.engine).lines(wanted, at_once=at_once))
    listed = CaseList(city.engine).page(wanted, limit=200).cases
    assert [line.id for line in lines] == [case.id for case in listed]
    assert [line.assigned_to for line in lines] == [case.assigned_to for case in listed]
    assert all(line.district == PLACES.get(line.site_id, {}).get("district", "") for line in lines)


def test_new_cases_shift_no_page(city):
    found = CaseList(city.engine)
    wanted = CaseFilter()
    before = [case.id for case in found.page(wanted, limit=200).cases]
    seen, cursor = [], None
    while True:
        page = found.page(wanted, limit=7, cursor=cursor)
        seen += [case.id for case in page.cases]
        cursor = page.next_cursor
        if cursor is None:
            break
        city.add_or_get(finding("east", minutes=90_000))
    assert seen == before


def test_a_number_and_a_key_find_their_case(city):
    found = CaseList(city.engine)
    key = city.get(12).key
    for text in ("12", "#12", key, key.upper()):
        assert [case.id for case in found.page(CaseFilter(text=text)).cases] == [12]
    for text in ("#99999", "99999999999999", "#", key[:35]):
        assert found.page(CaseFilter(text=text)).cases == ()


def test_an_empty_queue_finds_nothing(store):
    found = CaseList(store.engine)
    assert found.page(CaseFilter(text="门")).cases == ()
    assert list(found.lines(CaseFilter())) == []


@given(st.text() | st.binary().map(lambda content: content.decode("latin-1")))
def test_what_is_no_cursor_is_refused_by_its_name(text):
    with pytest.raises(BadCursor):
        ListPosition.of_cursor(text, CaseOrder.FOUND)


@given(st.sampled_from(CaseOrder), st.datetimes(timezones=st.just(UTC)), st.integers(1, 2**31 - 1))
def test_a_cursor_is_read_back_in_its_own_order_only(order, at, case_id):
    position = ListPosition(order, at, case_id)
    cursor = position.cursor()
    assert ListPosition.of_cursor(cursor, order) == position
    other = next(each for each in CaseOrder if each is not order)
    with pytest.raises(BadCursor):
        ListPosition.of_cursor(cursor, other)
