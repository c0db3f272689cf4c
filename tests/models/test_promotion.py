"""A candidate is promoted only when no class got worse by more than the margin and false alarms fell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.classes import Task
from models.evaluation.report import ClassFigures, EvaluationReport, SurfaceFigures
from models.promotion import Outcome, Verdict, judge

shares = st.floats(0, 1)


def surface(iou: float | None, false_alarms: float = 0.0) -> SurfaceFigures:
    return SurfaceFigures(
        labelled=True,
        truth=100 if iou is not None else 0,
        threshold=0.5,
        precision=None,
        recall=None,
        f1=None,
        iou=iou,
        false_alarm_share=false_alarms,
        false_alarms_by_name={},
    )


def report(data_set: str, task: Task = "surfaces", **classes: ClassFigures) -> EvaluationReport:
    return EvaluationReport(
        samples=1,
        overall={},
        classes=dict(classes),
        model=task,
        version="1",
        sha256="0" * 64,
        task=task,
        data_set=data_set,
        split="test",
        by_kind={},
    )


FEWER = (report("reviewed", bare_soil=surface(0.5, 0.2)), report("reviewed", bare_soil=surface(0.5, 0.1)))


def refusals(verdict: Verdict) -> list[tuple[Outcome, str, str]]:
    return [(each.outcome, each.data_set, each.class_name) for each in verdict.reasons if each.refuses]


def test_a_better_candidate_is_promoted_and_every_figure_is_told() -> None:
    before = [report("frozen", bare_soil=surface(0.80), dust_net=surface(0.81))]
    after = [report("frozen", bare_soil=surface(0.79), dust_net=surface(0.90))]
    verdict = judge(before, after, reviewed=FEWER, margin=0.02)
    assert verdict.promote
    assert [reason.text() for reason in verdict.reasons] == [
        "frozen: bare_soil is not worse, IoU 0.8 → 0.79",
        "frozen: dust_net is not worse, IoU 0.81 → 0.9",
        "reviewed: false alarms of all classes fell, false alarm share 0.2 → 0.1",
    ]


def test_one_class_that_got_worse_on_one_set_is_enough_to_refuse() -> None:
    before = [report("a", bare_soil=surface(0.80)), report("b", bare_soil=surface(0.60), dust_net=surface(0.7))]
    after = [report("a", bare_soil=surface(0.95)), report("b", bare_soil=surface(0.55), dust_net=surface(0.9))]
    verdict = judge(before, after, reviewed=FEWER, margin=0.02)
    assert not verdict.promote
    assert refusals(verdict) == [(Outcome.WORSE, "b", "bare_soil")]
    assert verdict.reasons[0].text() == "b: bare_soil got worse, IoU 0.6 → 0.55 (allowed: 0.02)"


def test_a_fall_by_the_margin_itself_is_allowed() -> None:
    assert judge(
        [report("a", bare_soil=surface(0.80))],
        [report("a", bare_soil=surface(0.78))],
        reviewed=FEWER,
        margin=0.02,
    ).promote


def test_false_alarms_on_a_set_without_the_class_count_as_worse() -> None:
    before, after = report("streets", bare_soil=surface(None, 0.005)), report("streets", bare_soil=surface(None, 0.04))
    verdict = judge([before], [after], reviewed=FEWER, margin=0.02)
    assert refusals(verdict) == [(Outcome.WORSE, "streets", "bare_soil")]
    assert verdict.reasons[0].figure == "false alarm share"


def test_false_alarms_that_did_not_fall_refuse() -> None:
    same = report("reviewed", bare_soil=surface(0.5, 0.2))
    verdict = judge([], [], reviewed=(same, same))
    assert refusals(verdict) == [(Outcome.NOT_FEWER_FALSE_ALARMS, "reviewed", "all classes")]


def test_without_any_false_alarm_there_is_none_to_lose() -> None:
    none = report("reviewed", bare_soil=surface(0.5, 0))
    assert judge([], [], reviewed=(none, none)).promote


def test_false_alarms_may_not_move_from_one_class_to_another() -> None:
    before = report("reviewed", bare_soil=surface(0.5, 0.5), hoarding=surface(0.5, 0.0))
    after = report("reviewed", bare_soil=surface(0.5, 0.1), hoarding=surface(0.5, 0.3))
    assert refusals(judge([], [], reviewed=(before, after))) == [(Outcome.WORSE, "reviewed", "hoarding")]


def test_what_was_not_measured_refuses() -> None:
    before = [report("a", bare_soil=surface(0.8), dust_net=surface(0.8)), report("b", bare_soil=surface(0.8))]
    after = [report("a", bare_soil=surface(0.8))]
    assert refusals(judge(before, after, reviewed=FEWER)) == [
        (Outcome.NOT_MEASURED, "a", "dust_net"),
        (Outcome.NOT_MEASURED, "b", "bare_soil"),
    ]


def test_without_reviewed_cases_nothing_is_promoted() -> None:
    assert refusals(judge([], [], reviewed=None)) == [(Outcome.NO_REVIEWED_CASES, "", "")]


def test_other_is_no_class_of_ours() -> None:
    before, after = report("a", other=surface(0.9, 0.1)), report("a", other=surface(0.1, 0.9))
    assert judge([before], [after], reviewed=FEWER).promote


@given(shares, shares, shares, shares, st.floats(0, 0.2))
def test_the_verdict_follows_the_rule(before: float, after: float, alarms: float, alarms_now: float, margin: float):
    reviewed = (
        report("reviewed", bare_soil=surface(0.5, alarms)),
        report("reviewed", bare_soil=surface(0.5, alarms_now)),
    )
    verdict = judge(
        [report("a", bare_soil=surface(before))],
        [report("a", bare_soil=surface(after))],
        reviewed=reviewed,
        margin=margin,
    )
    fell = alarms_now < alarms or alarms_now == 0
    if abs(before - after - margin) > 1e-6:
        assert verdict.promote == (before - after <= margin and fell)
    assert verdict == Verdict.model_validate_json(verdict.model_dump_json())


def test_the_figures_of_mud_are_called_by_their_name() -> None:
    figures = ClassFigures(
        labelled=True,
        truth=3,
        threshold=0.5,
        precision=1,
        recall=1,
        f1=0.9,
        false_alarm_share=0,
        false_alarms_by_name={},
    )
    verdict = judge([report("m", "mud", muddy=figures)], [report("m", "mud", muddy=figures)], reviewed=FEWER)
    assert verdict.reasons[0].figure == "F1"
    assert verdict.reasons[0].before == pytest.approx(0.9)
