"""Decided cases are read out of a real queue."""

import numpy as np
import pytest

from datasets.reviewed.case import box_shape
from service.domain.cases import Decision
from service.domain.corrections import Correction
from service.domain.lifecycle import Actor, Role, Step, Told
from service.retraining.reviewed_queue import read_reviewed
from tests.made_queue import REVIEWER, MadeQueue, outline_claims

SOIL = {"class_name": "bare_soil", "points": [[0.1, 0.1], [0.6, 0.1], [0.6, 0.6]]}


@pytest.fixture
def queue(tmp_path):
    queue = MadeQueue(tmp_path / "service")
    yield queue
    queue.close()


def picture(seed):
    return np.random.default_rng(seed).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def test_confirmed_and_rejected_cases_come_in_order_of_decision_and_waiting_ones_do_not(queue):
    keys = [
        queue.decided(picture(number), [SOIL], decision)
        for number, decision in enumerate([Decision.REJECT, None, Decision.CONFIRM])
    ]
    read = read_reviewed(queue.store, queue.evidence)
    assert [(case.key, case.confirmed) for case in read.cases] == [(keys[0], False), (keys[2], True)]
    assert read.damaged == ()
    case = read.cases[0]
    assert case.picture.is_file()
    assert case.claims[0].class_name == "bare_soil"
    assert case.group == f"yard/{case.key}"
    assert REVIEWER not in repr(read)


def test_what_was_taken_back_and_decided_again_counts_as_decided_last(queue):
    queue.decided(picture(0), [SOIL], Decision.CONFIRM)
    (case,) = queue.store.page().cases
    (review,) = queue.store.reviews(case.id)
    queue.store.decide(case.id, Decision.UNDO, at=review.decided_at)
    assert read_reviewed(queue.store, queue.evidence).cases == ()
    correction = Correction.model_validate({"areas": [{**SOIL, "class_name": "dust_net"}]})
    queue.store.decide(case.id, Decision.REJECT, at=review.decided_at, correction=correction)
    (read,) = read_reviewed(queue.store, queue.evidence).cases
    assert not read.confirmed
    assert read.areas[0].class_name == "dust_net"


def test_a_confirmed_case_teaches_however_far_it_went_on_and_a_withdrawn_one_does_not(queue):
    queue.decided(picture(0), [SOIL], Decision.CONFIRM)
    (case,) = queue.store.page().cases
    actor, told = Actor("王工", Role.REVIEWER), Told("看过", "某建设集团")
    for step in (Step.ASSIGN, Step.ACCEPT, Step.VERIFY):
        queue.store.take_step(case.id, step, actor, told, at=case.received_at)
        (read,) = read_reviewed(queue.store, queue.evidence).cases
        assert read.confirmed
    queue.store.take_step(case.id, Step.WITHDRAW, actor, told, at=case.received_at)
    assert read_reviewed(queue.store, queue.evidence).cases == ()


def test_damaged_evidence_is_left_out_and_told(queue):
    keys = [queue.decided(picture(number), [SOIL], Decision.CONFIRM) for number in range(3)]
    queue.evidence.path(keys[0], "clean.jpg").write_bytes(b"another")
    queue.evidence.path(keys[1], "clean.jpg").unlink()
    read = read_reviewed(queue.store, queue.evidence)
    assert [case.key for case in read.cases] == [keys[2]]
    assert set(read.damaged) == set(keys[:2])


def test_an_unwashed_truck_is_claimed_to_be_a_truck(queue):
    queue.decided(picture(0), [], Decision.CONFIRM, rule="unwashed_truck")
    (case,) = read_reviewed(queue.store, queue.evidence).cases
    assert case.claims == (box_shape("truck", (0.1, 0.1, 0.9, 0.9)),)


def test_a_point_outside_the_picture_is_moved_to_its_border(queue):
    claim = {"class_name": "bare_soil", "points": [[-0.2, 0.1], [0.6, 1.3], [0.6, 0.1]]}
    queue.decided(picture(0), [claim], Decision.CONFIRM)
    (case,) = read_reviewed(queue.store, queue.evidence).cases
    assert case.claims[0].points == ((0.0, 0.1), (0.6, 1.0), (0.6, 0.1))


def test_many_cases_are_all_read(queue, monkeypatch):
    monkeypatch.setattr("service.retraining.reviewed_queue.PAGE", 2)
    for number in range(5):
        queue.decided(picture(number), [SOIL], Decision.CONFIRM)
    assert len(read_reviewed(queue.store, queue.evidence).cases) == 5


def test_outlines_follow_a_mask():
    mask = np.zeros((40, 60), bool)
    mask[10:30, 15:45] = True
    (claim,) = outline_claims(mask, "bare_soil")
    points = np.array(claim["points"])
    assert points.min(axis=0) == pytest.approx([0.25, 0.25], abs=0.02)
    assert points.max(axis=0) == pytest.approx([0.75, 0.75], abs=0.02)
