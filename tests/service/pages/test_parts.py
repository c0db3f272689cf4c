"""What the pages show and do, as far as no browser is needed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.cases import Case, CaseState, LaterPackage
from service.domain.lifecycle import Actor, HistoryEntry, Need, Role, Step, Told
from service.dust.beside import MARGIN, dust_beside
from service.dust.reading import Instrument
from service.errors import StepNotPossible
from service.pages import labels
from service.pages.case_facts import facts, figures, history
from service.pages.dust_chart import chart_options, exceedance_lines
from service.pages.keys import HELP, KEY_CODES
from service.pages.later_strip import OUTCOMES, STAGES, course, what_it_is
from service.pages.selection import step
from service.pages.step_menu import told_of
from service.storage.package import open_package
from service.texts.catalogue import CHINESE, load_translator
from tests.service.dust.dust_packets import MN, make_reading
from vision.evidence.manifest import FIRST_LOOK_BACK, Outcome, Plate, Stage

ENGLISH = str
CHINESE_TEXTS = load_translator().texts(CHINESE)
NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


def case_of(number, state=CaseState.FOUND):
    return Case("k", "unwashed_truck", "s", "s", "c", "c", NOON, NOON, {}, (), "k", "0", number, state)


def test_the_help_names_every_key():
    letters = {name for names, _ in HELP for name in names.split()}
    assert {code.removeprefix("Key") for code in KEY_CODES if code.startswith("Key")} <= letters


def test_stepping_stops_at_the_ends():
    cases = [case_of(number) for number in (9, 5, 2)]
    assert step(cases, None, 1).id == 9
    assert step(cases, 9, 1).id == 5
    assert step(cases, 2, 1).id == 2
    assert step(cases, 9, -1).id == 9
    assert step(cases, 2, -1).id == 5
    assert step([], 3, 1) is None


def test_stepping_from_a_case_that_left_the_list_goes_on_from_its_place():
    cases = [case_of(number) for number in (9, 2)]
    assert step(cases, 5, 1).id == 2
    assert step(cases, 5, -1).id == 9


@given(st.sets(st.integers(1, 50), min_size=1), st.integers(1, 50), st.sampled_from([1, -1]))
def test_stepping_never_turns_back(numbers, current, by):
    cases = [case_of(number) for number in sorted(numbers, reverse=True)]
    found = step(cases, current, by).id
    beyond = [number for number in numbers if (number < current if by > 0 else number > current)]
    assert found in beyond if beyond else found == (min(numbers) if by > 0 else max(numbers))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("wash_seconds", 4.25, ("4.25", "s")),
        ("bare_m2", 1234.56, ("1235", "m²")),
        ("area_m2", 1234567.0, ("1234567", "m²")),
        ("speed_kmh", 0.1 + 0.2, ("0.3", "km/h")),
        ("confidence", 0.5, ("0.5", "")),
    ],
)
def test_figures_have_units(name, value, shown):
    assert labels.figure_value(name, value, ENGLISH) == shown


def test_times_are_those_of_the_site():
    assert labels.local_time(NOON) == "2025-06-01 12:00:00"
    assert labels.short_time(NOON, NOON) == "12:00:00"
    assert labels.short_time(NOON, NOON.replace(day=3)) == "06-01 12:00"


def test_unknown_names_are_shown_as_they_are():
    assert labels.rule_name("new_rule", CHINESE_TEXTS) == "new_rule"
    assert labels.rule_name("unwashed_truck", CHINESE_TEXTS) == "车辆未冲洗"
    assert labels.reason_text("unclear", CHINESE_TEXTS) == "证据看不清"
    assert labels.reason_text("写的原因", CHINESE_TEXTS) == "写的原因"
    assert labels.figure_name("gap_length_m", ENGLISH) == "gap length m"


def test_figures_name_the_limit_they_were_held_against(make_case, package):
    manifest = open_package(package.manifest_bytes, package.seal).manifest
    manifest = manifest.model_copy(update={"parameters": {"wash_seconds": 20.0}})
    (figure,) = figures(make_case(), manifest, CHINESE_TEXTS)
    assert (figure.name, figure.value, figure.unit, figure.limit) == ("冲洗停留时间", "4.2", "秒", "要求：20 秒")
    assert figures(make_case(), None, ENGLISH)[0].limit == ""


def test_facts_do_without_a_manifest(make_case, package):
    manifest = open_package(package.manifest_bytes, package.seal).manifest
    few, all_of_them = facts(make_case(), None, ENGLISH), facts(make_case(), manifest, ENGLISH)
    assert {fact.label for fact in few} < {fact.label for fact in all_of_them}
    values = {fact.label: fact.value for fact in all_of_them}
    assert values["Site"] == "滨江一号地块 (s-01)"
    assert values["Clip"] == "15 s, complete"
    assert values["min wash seconds"] == "30 s"


def test_a_camera_with_private_areas_is_said_to_have_no_clip(make_case, package):
    manifest = open_package(package.manifest_bytes, package.seal).manifest
    private = manifest.model_copy(update={"clip": None, "clip_withheld": "privacy"})
    assert any("private areas" in fact.value for fact in facts(make_case(), private, ENGLISH))
    assert any("隐私区" in fact.value for fact in facts(make_case(), private, CHINESE_TEXTS))


def test_a_clip_that_was_cut_is_said_to_be(make_case, package):
    manifest = open_package(package.manifest_bytes, package.seal).manifest
    cut = manifest.model_copy(update={"clip": manifest.clip.model_copy(update={"complete": False})})
    assert "15 s, cut short" in {fact.value for fact in facts(make_case(), cut, ENGLISH)}


@pytest.mark.parametrize(
    ("plate", "shown"),
    [
        (Plate(text="苏A8K326", confidence=0.829, views=1, valid=True), "苏A8K326，置信度 82 %"),
        (Plate(text="苏A8K326", confidence=1.0, views=2, valid=True), "苏A8K326，置信度 99 %"),
        (Plate(text="A8K326", confidence=0.9, views=1), "未读出"),
        (Plate(), "未读出"),
        (None, None),
    ],
)
def test_the_plate_is_shown_with_its_confidence_or_as_not_read(make_case, package, plate, shown):
    manifest = open_package(package.manifest_bytes, package.seal).manifest.model_copy(update={"plate": plate})
    values = {fact.label: fact.value for fact in facts(make_case(), manifest, CHINESE_TEXTS)}
    assert values.get("车牌（识别）") == shown


def test_history_is_newest_first_and_translates_reasons():
    wang, nobody = Actor("王工", Role.REVIEWER), Actor("", Role.REVIEWER)
    found, rejected = CaseState.FOUND, CaseState.REJECTED
    first = HistoryEntry(1, 1, Step.REJECT, found, rejected, wang, NOON, Told("unclear"))
    second = replace(first, number=2, step=Step.UNDO, actor=nobody, told=Told())
    third = replace(first, number=3, step=Step.ASSIGN, told=Told("限期", "某建设集团"))
    assert history((first, second, third), CHINESE_TEXTS) == [
        "2025-06-01 12:00:00 王工 已交办: 某建设集团: 限期",
        "2025-06-01 12:00:00 （未署名） 已撤回决定",
        "2025-06-01 12:00:00 王工 已驳回: 证据看不清",
    ]


def later_of(number, stage):
    return LaterPackage(f"k{number}", number, stage, NOON + timedelta(hours=number), NOON, {}, (), "k", "0")


def test_the_course_of_a_violation_is_told_as_far_as_it_is_known():
    case = case_of(1)
    assert course(case, CHINESE_TEXTS) == ""
    lasting = replace(case, later=(later_of(1, Stage.LASTING), later_of(7, Stage.LASTING)))
    assert course(lasting, CHINESE_TEXTS) == "仍在持续（截至 2025-06-01 19:00:00）"
    ended = replace(case, later=(*lasting.later, later_of(8, Stage.ENDED)))
    assert course(ended, CHINESE_TEXTS) == "已于 2025-06-01 20:00:00 消除"
    assert course(ended, ENGLISH) == "Ended at 2025-06-01 20:00:00"


def test_a_look_back_is_told_by_what_it_showed():
    in_order = replace(later_of(FIRST_LOOK_BACK, Stage.LOOK_BACK), outcome=Outcome.PASSED)
    assert CHINESE_TEXTS(what_it_is(in_order)) == "回头看：合格"
    hidden = replace(in_order, outcome=Outcome.NOT_VISIBLE)
    assert (CHINESE_TEXTS(what_it_is(hidden)), ENGLISH(what_it_is(hidden))) == (
        "回头看：未能看清",
        "Look-back: not visible",
    )
    assert what_it_is(later_of(1, Stage.ENDED)) == "has ended"
    assert (set(STAGES), set(OUTCOMES)) == (set(Stage), set(Outcome))
    assert course(replace(case_of(1), later=(in_order,)), ENGLISH) == ""


def test_every_state_and_step_has_its_words():
    assert set(labels.STATES) == set(CaseState)
    assert set(labels.STEPS) == set(Step)
    assert set(labels.STEP_BUTTONS) == set(Step) - {Step.CONFIRM, Step.REJECT, Step.UNDO}
    assert set(labels.NEEDS) == {None, *Need}


@pytest.mark.parametrize(
    ("need", "text", "told"),
    [
        (None, " ", Told()),
        (None, " 看过 ", Told(reason="看过")),
        (Need.REASON, "", None),
        (Need.PARTY, "某建设集团", Told(party="某建设集团")),
        (Need.TARGET_CASE, "#12", Told(target_case=12)),
        (Need.TARGET_CASE, "12a", None),
        (Need.TARGET_CASE, "９", None),
    ],
)
def test_what_is_typed_in_tells_what_the_step_needs(need, text, told):
    assert told_of(need, text) == told


def test_errors_name_states_and_steps_as_people_do():
    error = StepNotPossible(case_id=1, state="assigned", who="confirmed", step="undo")
    text = load_translator().explain(error.template, labels.named_values(error.params, CHINESE_TEXTS), CHINESE)
    assert text == "案件 1 当前为 已交办（最后操作人：confirmed），不能执行此步骤：撤回"


def test_the_case_tells_its_party_and_due_time():
    case = replace(case_of(1, CaseState.ASSIGNED), assigned_to="某建设集团", due_at=NOON)
    values = {fact.label: fact.value for fact in facts(case, None, CHINESE_TEXTS)}
    assert (values["责任主体"], values["办理期限"]) == ("某建设集团", "2025-06-01 12:00:00")


def test_the_chart_of_dust_marks_the_violation_and_what_was_above_the_limit():
    readings = [make_reading(minute, tsp=800.0 if minute < 30 else 100.0) for minute in range(-15, 120)]
    instrument = Instrument(MN, "东门扬尘仪", "s", "s")
    dust = (dust_beside(instrument, readings, (NOON - MARGIN, NOON + MARGIN), NOON),)

    (line,) = chart_options(case_of(1), dust, CHINESE_TEXTS)["series"]

    assert line["name"] == "TSP"
    assert line["data"][0] == ["2025-06-01 11:45:00", 800.0]
    assert line["markLine"]["data"] == [{"xAxis": "2025-06-01 12:00:00"}]
    assert line["markArea"]["data"] == [[{"xAxis": "2025-06-01 11:45:00"}, {"xAxis": "2025-06-01 12:30:00"}]]
    assert exceedance_lines(dust, CHINESE_TEXTS) == ["东门扬尘仪：06-01 11:45 至 12:30 TSP 超过 500 µg/m³，最高 800"]
