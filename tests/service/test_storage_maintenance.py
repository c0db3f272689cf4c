"""Observations and maintenance cases in the database: newest state, one open case, nothing opened twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from service.domain.maintenance import ITSELF, MaintenanceRule, MaintenanceState
from service.errors import MaintenanceCaseClosed, NoSuchMaintenanceCase, ObservationKeyTaken
from service.storage.health_store import HealthStore
from service.storage.maintenance_store import MaintenanceStore
from service.storage.migrate import alembic_config
from service.storage.tables import Base
from streams.health.observation import HealthKind
from tests.service.health_reports import make_report, minutes

RULE = MaintenanceRule()
DAY = 24 * 60


@pytest.fixture
def health(engine):
    return HealthStore(engine)


@pytest.fixture
def maintenance(engine):
    return MaintenanceStore(engine)


def ended(report, at):
    return report.model_copy(update={"ended_at": minutes(at)})


def test_an_observation_comes_back_as_it_went_in(health):
    report = make_report()
    stored, is_new = health.put(report, minutes(1))
    assert is_new
    assert (stored.report, stored.received_at) == (report, minutes(1))
    assert health.page().reports == (stored,)
    assert health.ongoing() == (report,)


def test_a_later_state_sets_the_end(health):
    report = make_report()
    health.put(report, minutes(1))
    stored, is_new = health.put(ended(report, 9), minutes(10))
    assert not is_new
    assert (stored.report.ended_at, stored.received_at) == (minutes(9), minutes(10))
    assert health.ongoing() == ()


@pytest.mark.parametrize("late", [None, 5])
def test_an_older_state_that_arrives_late_changes_nothing(health, late):
    report = make_report()
    stored, _ = health.put(ended(report, 9).model_copy(update={"figures": {"tries": 9.0}}), minutes(10))
    older = report if late is None else ended(report, late)
    again, is_new = health.put(older, minutes(20))
    assert (again, is_new) == (stored, False)
    assert health.ongoing() == ()


def test_figures_follow_while_it_goes_on(health):
    report = make_report()
    health.put(report, minutes(1))
    stored, _ = health.put(report.model_copy(update={"figures": {"tries": 8.0}}), minutes(2))
    assert stored.report.figures == {"tries": 8.0}


@pytest.mark.parametrize(
    "change", [{"camera_id": "other"}, {"kind": HealthKind.BLACK}, {"started_at": minutes(1), "ended_at": minutes(2)}]
)
def test_a_key_belongs_to_one_observation(health, change):
    report = make_report()
    health.put(report, minutes(1))
    with pytest.raises(ObservationKeyTaken):
        health.put(report.model_copy(update=change), minutes(2))
    assert health.ongoing() == (report,)


def test_of_many_states_at_once_the_end_wins(health):
    report = make_report()
    states = [report, ended(report, 9)] * 4
    start = threading.Barrier(len(states))

    def put(state):
        start.wait()
        return health.put(state, minutes(10))[1]

    with ThreadPoolExecutor(len(states)) as threads:
        assert sum(threads.map(put, states)) == 1
    (stored,) = health.page().reports
    assert stored.report == ended(report, 9)


def test_pages_narrow_and_go_back_in_time(health):
    for number in range(5):
        health.put(make_report(number, camera_id="a"), minutes(9))
    health.put(make_report(0, 1, camera_id="a"), minutes(9))
    health.put(make_report(camera_id="b"), minutes(9))
    first = health.page(camera_id="a", ongoing=True, limit=3)
    second = health.page(camera_id="a", ongoing=True, limit=3, cursor=first.next_cursor)
    starts = [item.report.started_at for item in (*first.reports, *second.reports)]
    assert starts == [minutes(number) for number in (4, 3, 2, 1, 0)]
    assert second.next_cursor is None
    assert len(health.page(ongoing=False).reports) == 1


def test_a_case_opens_when_it_is_due_though_nothing_new_arrives(health, maintenance):
    report = make_report()
    health.put(report, minutes(1))
    assert maintenance.advance(minutes(29), RULE).opened == ()
    (case,) = maintenance.advance(minutes(30), RULE).opened
    assert (case.key, case.since, case.opened_at, case.healthy_since) == (report.key, minutes(0), minutes(30), None)
    assert (case.camera_name, case.kind, case.state) == ("东门出口", HealthKind.OFFLINE, MaintenanceState.OPEN)
    assert maintenance.get(case.id) == case
    assert maintenance.advance(minutes(31), RULE).opened == ()


def test_what_comes_back_within_a_day_joins_the_open_case(health, maintenance):
    first = make_report()
    health.put(first, minutes(1))
    maintenance.advance(minutes(30), RULE)
    health.put(ended(first, 40), minutes(41))
    maintenance.advance(minutes(42), RULE)
    assert maintenance.get(1).healthy_since == minutes(40)
    second = make_report(300)
    health.put(second, minutes(301))
    assert maintenance.advance(minutes(302), RULE).opened == ()
    assert maintenance.get(1).healthy_since is None
    health.put(ended(second, 303), minutes(303))
    maintenance.advance(minutes(304), RULE)
    assert maintenance.get(1).healthy_since == minutes(303)
    assert maintenance.advance(minutes(303 + DAY - 1), RULE).closed == ()
    (closed,) = maintenance.advance(minutes(303 + DAY), RULE).closed
    assert (closed.state, closed.closed_by, closed.closed_at) == (MaintenanceState.CLOSED, ITSELF, minutes(303 + DAY))
    health.put(make_report(400 + DAY), minutes(401 + DAY))
    (another,) = maintenance.advance(minutes(430 + DAY), RULE).opened
    assert another.id == 2


def test_a_late_message_of_the_end_reaches_the_case(health, maintenance):
    report = make_report()
    health.put(report, minutes(1))
    maintenance.advance(minutes(30), RULE)
    health.put(ended(report, 35), minutes(35 + 2 * DAY))
    (closed,) = maintenance.advance(minutes(35 + 2 * DAY), RULE).closed
    assert closed.healthy_since == minutes(35)


def test_what_a_person_closed_is_not_opened_again_by_the_same_observation(health, maintenance):
    for report in (make_report(0), make_report(5)):
        health.put(report, minutes(6))
    maintenance.advance(minutes(30), RULE)
    closed = maintenance.close(1, by="王工", note="已换电源", at=minutes(60))
    assert (closed.state, closed.closed_by, closed.note, closed.closed_at) == (
        MaintenanceState.CLOSED,
        "王工",
        "已换电源",
        minutes(60),
    )
    assert maintenance.advance(minutes(DAY), RULE).opened == ()
    health.put(make_report(DAY), minutes(DAY))
    assert len(maintenance.advance(minutes(DAY + 30), RULE).opened) == 1


def test_cameras_and_kinds_have_cases_of_their_own(health, maintenance):
    for camera in ("a", "b"):
        for kind in (HealthKind.OFFLINE, HealthKind.COVERED):
            health.put(make_report(camera_id=camera, kind=kind), minutes(1))
    assert len(maintenance.advance(minutes(30), RULE).opened) == 4
    page = maintenance.page(MaintenanceState.OPEN, limit=3)
    assert [case.id for case in page.cases] == [4, 3, 2]
    assert [case.id for case in maintenance.page(limit=3, cursor=page.next_cursor).cases] == [1]
    assert maintenance.page(MaintenanceState.CLOSED).cases == ()


def test_a_closed_case_and_one_that_is_not_there_can_not_be_closed(health, maintenance):
    health.put(make_report(), minutes(1))
    maintenance.advance(minutes(30), RULE)
    maintenance.close(1, by="", note="", at=minutes(31))
    with pytest.raises(MaintenanceCaseClosed):
        maintenance.close(1, by="", note="", at=minutes(32))
    with pytest.raises(NoSuchMaintenanceCase, match="no maintenance case 2"):
        maintenance.close(2, by="", note="", at=minutes(32))


def test_two_servers_at_once_open_one_case(health, maintenance, engine):
    health.put(make_report(), minutes(1))
    start = threading.Barrier(4)

    def advance(_number):
        start.wait()
        return len(MaintenanceStore(engine).advance(minutes(30), RULE).opened)

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(advance, range(4))) == 1


def test_the_database_itself_refuses_a_second_open_case(health, maintenance, engine):
    health.put(make_report(), minutes(1))
    maintenance.advance(minutes(30), RULE)
    columns = "site_id, site_name, camera_id, camera_name, kind, since, opened_at, state, closed_by, note"
    copy = text(f"INSERT INTO maintenance_cases (key, {columns}) SELECT 'other', {columns} FROM maintenance_cases")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(copy)


spans = st.tuples(st.sampled_from("ab"), st.integers(0, 4 * DAY), st.none() | st.integers(0, 2 * DAY))


@settings(max_examples=40)
@given(st.lists(spans, max_size=8), st.lists(st.integers(1, DAY), min_size=1, max_size=6))
def test_whatever_happens_one_case_is_open_a_camera_and_a_second_round_changes_nothing(observed, steps):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    health, maintenance = HealthStore(engine), MaintenanceStore(engine)
    now = 0
    for step in steps:
        now += step
        for camera, start, lasts in observed:
            if now - step <= start < now:
                end = None if lasts is None else start + lasts
                health.put(make_report(start, end, camera_id=camera), minutes(now))
        maintenance.advance(minutes(now), RULE)
        cases = maintenance.page(limit=200).cases
        open_cameras = [case.camera_id for case in cases if case.state is MaintenanceState.OPEN]
        assert len(open_cameras) == len(set(open_cameras))
        again = maintenance.advance(minutes(now), RULE)
        assert (again.opened, again.closed) == ((), ())
        assert maintenance.page(limit=200).cases == cases
        for case in cases:
            if case.state is MaintenanceState.OPEN and case.healthy_since is not None:
                assert minutes(now) - case.healthy_since < timedelta(hours=24)
    engine.dispose()


_OLD_CASE = text(
    "INSERT INTO cases (id, key, rule, site_id, site_name, camera_id, camera_name, opened_at, received_at, state,"
    " measures, evidence, folder, manifest_sha256) VALUES (7, 'k', 'r', 's', 's', 'c', '东门', '2025-06-01',"
    " '2025-06-01', 'found', '{}', '[]', 'f', '0')"
)


def test_cases_of_before_maintenance_are_kept_both_ways(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    config = alembic_config()
    for step, direction in (("r0002", command.upgrade), ("head", command.upgrade), ("r0002", command.downgrade)):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            direction(config, step)
            if step == "r0002" and direction is command.upgrade:
                connection.execute(_OLD_CASE)
            tables = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
            assert ({"health_observations", "maintenance_cases"} <= tables) == (step == "head")
            assert connection.scalar(text("SELECT camera_name FROM cases WHERE id = 7")) == "东门"
    engine.dispose()
