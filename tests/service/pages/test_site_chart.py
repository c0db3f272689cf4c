"""A site's dust and its violations on one axis of time."""

from datetime import timedelta

from service.dust.downsampling import Level, Point
from service.dust.reading import Factor, Instrument
from service.pages.site_chart import site_chart
from service.texts.catalogue import CHINESE, load_translator
from tests.service.conftest import NOON

CHINESE_TEXTS = load_translator().texts(CHINESE)
SPAN = (NOON - timedelta(hours=24), NOON)
EAST = Instrument("MN1", "东门", "east", "滨江一号地块")
DUST = (EAST, (Point(NOON, {Factor.TSP: Level(120.0, 100.0, 140.0, 5)}),))


def test_every_violation_is_marked_on_the_same_axis_as_the_dust(make_case):
    chart = site_chart([DUST], [make_case()], SPAN, CHINESE_TEXTS)
    line, marks = chart["series"]
    assert (line["name"], line["data"]) == ("TSP", [["2025-06-01 12:00:00", 120.0]])
    assert (marks["name"], marks["data"]) == ("车辆未冲洗", [{"name": "#1", "value": ["2025-06-01 12:00:00", 1]}])
    assert (chart["xAxis"]["min"], chart["xAxis"]["max"]) == ("2025-05-31 12:00:00", "2025-06-01 12:00:00")


def test_violations_are_shown_where_no_dust_is_measured(make_case):
    chart = site_chart([], [make_case(), make_case(rule="uncovered_soil")], SPAN, CHINESE_TEXTS)
    assert [series["type"] for series in chart["series"]] == ["scatter", "scatter"]


def test_instruments_are_named_where_there_are_several():
    chart = site_chart([DUST, DUST], [], SPAN, CHINESE_TEXTS)
    assert [series["name"] for series in chart["series"]] == ["东门 TSP", "东门 TSP"]


def test_names_can_not_become_a_part_of_the_page():
    assert site_chart([DUST], [], SPAN, CHINESE_TEXTS)["tooltip"]["renderMode"] == "richText"
