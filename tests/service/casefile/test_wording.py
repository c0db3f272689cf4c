"""What was found is said in words, with errors and limits, whatever a manifest holds."""

from hypothesis import given
from hypothesis import strategies as st

from service.casefile.wording import measured_figures, other_parameters, quantity, statement

SOIL = {
    "bare_soil_share": 0.472,
    "lasted_s": 1860.0,
    "earthworks": 0.0,
    "bare_soil_m2": 212.0,
    "bare_soil_m2_error": 12.0,
}
SOIL_LIMITS = {"open_share": 0.15, "grace_s": 1800.0, "earthworks_factor": 4.0}


def test_an_unwashed_truck_is_told_with_what_was_asked_for():
    told = statement("unwashed_truck", {"wash_seconds": 3.5}, {"wash_seconds": 20.0})
    assert "停留 3.5 秒，少于规定的 20 秒" in told


def test_a_truck_that_stood_long_enough_is_not_said_to_have_stood_too_short():
    assert "少于" not in statement("unwashed_truck", {"wash_seconds": 35.0}, {"wash_seconds": 20.0})


def test_a_truck_that_leaves_muddy_is_told_so_however_long_it_washed():
    limits = {"wash_seconds": 20.0, "mud_views": 3, "muddy_share": 0.6}
    washed = {"wash_seconds": 35.0, "mud_views": 5}
    assert "车身带泥，5 次观察所见" in statement("unwashed_truck", washed | {"muddy_share": 1.0}, limits)
    assert "带泥" not in statement("unwashed_truck", washed | {"muddy_share": 0.3}, limits)


def test_bare_soil_is_told_with_area_error_and_times():
    told = statement("uncovered_soil", SOIL, SOIL_LIMITS)
    assert "裸土占 47.2 %（达到 15 % 即为违规）" in told
    assert "约 212 m²（误差 ± 12 m²）" in told
    assert "白天持续 31 分钟，超过宽限时间 30 分钟" in told
    assert "土方" not in told
    assert "宽限时间按 4 倍计" in statement("uncovered_soil", {**SOIL, "earthworks": 1.0}, SOIL_LIMITS)


def test_a_gap_is_judged_by_metres_where_they_are_known():
    measures = {"gap_share": 0.085, "at_share": 0.5, "lasted_s": 3600.0}
    limits = {"min_gap_share": 0.04, "min_gap_m": 1.0, "grace_s": 1800.0}
    assert "8.5 %（达到 4 % 即为违规）" in statement("missing_hoarding", measures, limits)
    told = statement("missing_hoarding", {**measures, "gap_m": 2.6, "gap_m_error": 0.2}, limits)
    assert "约 2.6 m（误差 ± 0.2 m，达到 1 m 即为违规）" in told
    assert "达到 4 %" not in told
    assert [row.limit for row in measured_figures({**measures, "gap_m": 2.6}, limits)] == [
        "",
        "",
        "不超过 30 分钟",
        "小于 1 m",
    ]


def test_a_rule_of_another_version_and_missing_figures_are_no_obstacle():
    assert "spilled_load" in statement("spilled_load", {}, {})
    assert "车辆未冲洗" in statement("unwashed_truck", {}, {})


def test_errors_stand_beside_their_figures_and_limits_are_words():
    share, lasted, earthworks, area = measured_figures(SOIL, SOIL_LIMITS)
    assert (share.value, share.limit) == ("47.2 %", "低于 15 %")
    assert (lasted.value, lasted.limit) == ("31 分钟", "不超过 30 分钟")
    assert (area.value, area.error, area.limit) == ("212 m²", "± 12 m²", "")
    assert earthworks.value == "0"


def test_parameters_that_stand_beside_no_figure_are_listed():
    assert other_parameters(SOIL, SOIL_LIMITS) == "土方作业期间宽限倍数 4"


@given(st.text(max_size=30), st.floats())
def test_every_figure_has_a_text(name, value):
    assert isinstance(quantity(name, value), str)


@given(
    st.sampled_from(["unwashed_truck", "uncovered_soil", "missing_hoarding", "else"]),
    st.dictionaries(st.sampled_from([*SOIL, "gap_share", "wash_seconds"]), st.floats()),
)
def test_every_manifest_has_a_statement(rule, figures):
    assert statement(rule, figures, figures).endswith("见下表。")
