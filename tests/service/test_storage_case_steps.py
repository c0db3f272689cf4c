"""Steps in the case store: history, due times, merging, and several people at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.domain.cases import CaseState, EvidenceItem
from service.domain.lifecycle import Actor, Role, Step, Told, replay
from service.domain.sites import Site
from service.errors import (
    AlreadyDecided,
    BadMergeTarget,
    CaseChanged,
    NoSuchCase,
    ServiceError,
    StepIncomplete,
    StepNotPossible,
)
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.site_store import SiteStore

WANG, LI = Actor("王工", Role.REVIEWER), Actor("李工", Role.DISTRICT)
LI_INSPECTS = Actor("李工", Role.INSPECTOR)
WAY = (Step.CONFIRM, Step.ASSIGN, Step.ACCEPT, Step.REPORT, Step.VERIFY, Step.CLOSE, Step.PASS)


@pytest.fixture
def found(store, make_finding):
    return store.add_or_get(make_finding(rule="uncovered_soil"))[0]


def test_every_step_is_kept_as_it_was_taken(store, found):
    picture = EvidenceItem("after.jpg", "clean", "image/jpeg", 3, "2" * 64)
    entries = []
    for number, step in enumerate(WAY):
        told = Told(f"第 {number} 步", "某建设集团", None, None, (picture,) if step is Step.VERIFY else ())
        at = found.received_at + timedelta(hours=number)
        case, entry = store.take_step(found.id, step, LI if step is Step.ASSIGN else WANG, told, at=at)
        entries.append(entry)
        assert store.get(found.id) == case
    assert store.history(found.id) == tuple(entries)
    assert replay(entries) is case.state is CaseState.PASSED
    assert (case.version, case.assigned_to, case.due_at) == (len(WAY), "某建设集团", None)
    assert [review.reason for review in store.reviews(found.id)] == ["第 0 步"]


def test_due_times_follow_the_sites_control_level(tmp_path, make_finding):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    store = CaseStore(engine)
    site = Site(id="s-01", name="滨江一号地块", category="construction", district="滨江区", control_level="A")
    SiteStore(engine).put(site)
    strict, _ = store.add_or_get(make_finding())
    usual, _ = store.add_or_get(make_finding(site_id="elsewhere"))
    assert strict.due_at == strict.received_at + timedelta(hours=4)
    assert usual.due_at > strict.due_at
    assert store.get(strict.id) == strict
    at = strict.received_at + timedelta(hours=1)
    noted, _ = store.take_step(strict.id, Step.NOTE, WANG, Told("已电话联系"), at=at)
    assert noted.due_at == strict.due_at
    decided, _ = store.take_step(strict.id, Step.CONFIRM, WANG, Told(), at=at)
    assert decided.due_at == at + timedelta(hours=4)
    store.close()


def test_what_is_refused_leaves_no_trace(store, found):
    for step, error in ((Step.VERIFY, StepNotPossible), (Step.NOTE, StepIncomplete)):
        with pytest.raises(error):
            store.take_step(found.id, step, WANG, Told(), at=found.received_at)
    assert store.get(found.id) == found
    assert store.history(found.id) == ()


def test_a_step_for_another_version_is_refused_and_names_who_changed_it(store, found):
    store.take_step(found.id, Step.DOUBT, LI_INSPECTS, Told(), at=found.received_at)
    with pytest.raises(CaseChanged, match=r"unsure \(last changed by: 李工\)"):
        store.take_step(found.id, Step.CONFIRM, WANG, Told(), at=found.received_at, version=found.version)
    case, _ = store.take_step(found.id, Step.CONFIRM, WANG, Told(), at=found.received_at, version=1)
    assert case.version == 2


def test_who_comes_between_reading_and_writing_wins(store, found, monkeypatch):
    store.take_step(found.id, Step.NOTE, LI, Told("先看一下"), at=found.received_at)
    answers = iter([found, store.get(found.id)])
    monkeypatch.setattr(store, "get", lambda _id: next(answers))
    with pytest.raises(CaseChanged, match="李工"):  # confirming would still be possible, but was meant for what is gone
        store.take_step(found.id, Step.CONFIRM, WANG, Told(), at=found.received_at)
    assert len(store.history(found.id)) == 1


def test_of_many_at_once_one_wins_and_the_others_are_told_who(store, found, make_finding):
    other, _ = store.add_or_get(make_finding())
    start = threading.Barrier(8)

    def decide(number):
        step = (Step.CONFIRM, Step.REJECT, Step.DOUBT, Step.MERGE)[number % 4]
        start.wait()
        try:
            told = Told(target_case=other.id)
            return store.take_step(found.id, step, Actor(f"{number} 号", Role.REVIEWER), told, at=found.received_at)[1]
        except ServiceError as error:
            return error

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(decide, range(8)))
    losers = [result for result in results if isinstance(result, ServiceError)]
    history = store.history(found.id)
    # A case that was left to a reviewer may still be decided, and a confirmed one merged: one after the other.
    assert 1 <= len(history) <= 3
    assert {entry.number for entry in results if entry not in losers} == {entry.number for entry in history}
    assert replay(history) is store.get(found.id).state
    assert len(losers) == 8 - len(history)
    assert all(isinstance(error, AlreadyDecided | CaseChanged | StepNotPossible) for error in losers)
    assert all("号" in str(error) for error in losers)


def test_a_case_goes_on_in_another(store, found, make_finding):
    other, _ = store.add_or_get(make_finding())
    third, _ = store.add_or_get(make_finding())
    at = found.received_at
    case, entry = store.take_step(found.id, Step.MERGE, WANG, Told(target_case=other.id), at=at)
    assert (case.state, case.due_at, entry.told.target_case) == (CaseState.MERGED, None, other.id)
    with pytest.raises(BadMergeTarget):  # else two cases could be merged into each other, and both be gone
        store.take_step(other.id, Step.MERGE, WANG, Told(target_case=found.id), at=at)
    with pytest.raises(NoSuchCase, match="99"):
        store.take_step(third.id, Step.MERGE, WANG, Told(target_case=99), at=at)
    assert store.get(third.id) == third


def test_of_two_cases_merged_into_each_other_at_once_one_stays(store, found, make_finding):
    other, _ = store.add_or_get(make_finding())
    start = threading.Barrier(2)

    def merge(pair):
        start.wait()
        try:
            store.take_step(pair[0], Step.MERGE, WANG, Told(target_case=pair[1]), at=found.received_at)
        except BadMergeTarget:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(merge, [(found.id, other.id), (other.id, found.id)])) == [False, True]
    assert {store.get(found.id).state, store.get(other.id).state} == {CaseState.FOUND, CaseState.MERGED}
