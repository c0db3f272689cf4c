"""Decisions as the browser sends them, why a rule fired, and what can be drawn, without a browser."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from service.domain.cases import CaseState
from service.domain.corrections import CorrectedArea, CorrectedBox
from service.domain.lifecycle import Actor, HistoryEntry, Role, Step, Told
from service.pages.correction_shapes import shapes_of
from service.pages.decision import SentDecision
from service.pages.labels import RULES
from service.pages.why import why_it_fired
from service.storage.package import open_package
from service.texts.catalogue import CHINESE, load_translator
from tests.service.made_cases import MORNING

CHINESE_TEXTS = load_translator().texts(CHINESE)
SOIL = {"areas": [{"class_name": "bare_soil", "points": [[0, 0], [1, 0], [1, 1]]}]}


def entry_of(number, step, who, reason=""):
    found, confirmed = CaseState.FOUND, CaseState.CONFIRMED
    return HistoryEntry(1, number, step, found, confirmed, Actor(who, Role.INSPECTOR), MORNING, Told(reason))


def test_a_decision_that_is_in_the_history_is_known_again():
    sent = SentDecision(case=1, version=2, step="confirm")
    assert sent.is_done_by(entry_of(3, Step.CONFIRM, "王工"), "王工")
    assert not sent.is_done_by(entry_of(3, Step.CONFIRM, "李工"), "王工")
    assert not sent.is_done_by(entry_of(5, Step.CONFIRM, "王工"), "王工")
    assert not sent.is_done_by(entry_of(3, Step.REJECT, "王工"), "王工")


def test_a_correction_comes_with_confirming_and_rejecting_alone():
    assert SentDecision(case=1, version=0, step="reject", correction=SOIL).told.correction is not None
    assert SentDecision(case=1, version=0, step="doubt", correction=SOIL).told.correction is None


@pytest.mark.parametrize(
    "sent",
    [
        {"case": 0, "version": 0, "step": "confirm"},
        {"case": 1, "version": 0, "step": "close"},
        {"case": 1, "version": 0, "step": "reject", "reason": "x" * 501},
        {"case": 1, "version": 0, "step": "confirm", "correction": {"areas": [{"class_name": "sky", "points": []}]}},
    ],
)
def test_what_is_no_decision_is_refused(sent):
    with pytest.raises(ValidationError):
        SentDecision.model_validate(sent)


@pytest.mark.parametrize("rule", RULES)
def test_every_class_that_can_be_drawn_is_one_that_can_be_learnt(rule):
    for shape in shapes_of(rule, str):
        if shape["kind"] == "box":
            CorrectedBox(class_name=shape["name"], bbox_xyxy=(0, 0, 1, 1))
        else:
            CorrectedArea(class_name=shape["name"], points=((0, 0), (1, 0), (1, 1)))
    assert shapes_of("a rule of tomorrow", str) == ()


@pytest.mark.parametrize(
    ("rule", "measures", "parameters", "why"),
    [
        (
            "unwashed_truck",
            {"wash_seconds": 4.2},
            {"wash_seconds": 20},
            "车辆在冲洗区停留 4.2 秒即驶离，要求不少于 20 秒。",
        ),
        (
            "unwashed_truck",
            {"wash_seconds": 30, "muddy_share": 0.75},
            {"wash_seconds": 20},
            "车辆冲洗了 30 秒，但驶离时 75 % 的画面可见带泥。",
        ),
        (
            "uncovered_soil",
            {"bare_soil_share": 0.42, "lasted_s": 1800},
            {"open_share": 0.3, "grace_s": 900},
            "区域内裸土占 42 %，白天持续 30 分钟；达到 30 % 并超过 15 分钟即为违规。",
        ),
        (
            "missing_hoarding",
            {"gap_share": 0.09, "gap_m": 2.6, "lasted_s": 90},
            {"min_gap_share": 0.05, "min_gap_m": 2, "grace_s": 60},
            "边界线有 2.6 m 缺失围挡，白天持续 1.5 分钟；达到 2 m 并超过 1 分钟即为违规。",
        ),
        ("missing_hoarding", {"gap_share": 0.09}, {}, ""),
        ("a rule of tomorrow", {}, {}, ""),
    ],
)
def test_why_a_rule_fired_is_said_in_one_sentence(make_case, package, rule, measures, parameters, why):
    manifest = open_package(package.manifest_bytes, package.seal).manifest.model_copy(update={"parameters": parameters})
    case = replace(make_case(), rule=rule, measures=measures)
    assert why_it_fired(case, manifest, CHINESE_TEXTS) == why
