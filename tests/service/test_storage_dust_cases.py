"""A dust monitor above its limit opens one case, with readings and the cameras' pictures, on either database."""

import json
from datetime import timedelta

import pytest

from service.casefile.printing import print_case_file
from service.domain.camera_news import CameraNews
from service.domain.cases import CaseState
from service.domain.lifecycle import Actor, Role, Step, Told
from service.dust.reading import Instrument
from service.evidence_check import Reference, all_cases, check_evidence
from service.pages.why import why_it_fired
from service.retraining.reviewed_queue import read_reviewed
from service.storage.camera_store import CameraKey, CameraStore
from service.storage.dust_cases import DustCases
from service.storage.dust_store import DustStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.look_back_store import LookBackStore
from service.storage.regional_dust_store import RegionalDustStore
from service.texts.catalogue import CHINESE, load_translator
from tests.service.camera_samples import news
from tests.service.casefile.reading import text_of
from tests.service.conftest import draw_scene
from tests.service.dust.dust_packets import MN, NOON, make_reading

WANG = Actor("王工", Role.REVIEWER)
MINUTE = timedelta(minutes=1)


class City:
    """A site with a monitor and two cameras, of which one took a picture at the time; its clock is moved by tests."""

    def __init__(self, store, evidence):
        self.now = NOON
        self.store, self.evidence = store, evidence
        self.dust, self.cameras = DustStore(store.engine), CameraStore(store.engine)
        self.cases = DustCases(store, self.dust, self.cameras, evidence, lambda: self.now)
        self.dust.register([Instrument(MN, "东门扬尘仪", "s-01", "滨江一号地块")])
        for camera, minutes in (("gate", 20), ("yard", -180)):
            key = CameraKey(site_id="s-01", camera_id=camera)
            self.cameras.tell(key, CameraNews.model_validate(news(camera_name=f"{camera}点位")), NOON)
            self.cameras.keep_picture(key, draw_scene(320, 180), NOON + minutes * MINUTE, NOON)

    def measure(self, first, last, tsp):
        for minute in range(first, last):
            self.dust.put(make_reading(minute, tsp=tsp), NOON)
        self.now = NOON + last * MINUTE

    def take(self, case, *steps):
        for step in steps:
            told = Told("看过", "某建设集团" if step is Step.ASSIGN else "")
            case, _ = self.store.take_step(case.id, step, WANG, told, at=self.now)
        return case


@pytest.fixture
def city(store, tmp_path):
    return City(store, EvidenceFolder(tmp_path / "evidence"))


@pytest.fixture
def case(city):
    city.measure(0, 30, 900.0)
    (case,) = city.cases.look()
    return case


def test_clean_air_opens_nothing(city):
    city.measure(0, 60, 100.0)
    assert city.cases.look() == ()


def test_the_case_holds_the_figures_the_chart_and_the_pictures_of_the_time(city, case):
    assert (case.rule, case.site_id, case.camera_id, case.opened_at) == ("dust_exceedance", "s-01", MN, NOON)
    assert case.measures == {"tsp_ug_m3": 900.0, "exceeded_s": 1800.0}
    assert [item.role for item in case.evidence] == ["chart", "readings", "camera"]
    assert case.picture.name == "chart.jpg"
    manifest = city.evidence.manifest(case)
    assert [frame.camera_id for frame in manifest.frames] == ["gate"]
    assert (manifest.model, manifest.clock, manifest.parameters["tsp_ug_m3"]) == (None, "instrument", 500.0)
    told = json.loads((city.evidence.package(case) / "readings.json").read_text("utf-8"))
    assert (told["instrument"]["number"], len(told["readings"])) == (MN, 30)


def test_its_package_is_verified_like_every_other_and_a_changed_one_is_found(city, case):
    package = city.evidence.package(case)
    report = check_evidence([package], Reference(cases=all_cases(city.store)), as_chains=True)
    assert (report.faults, report.unsigned) == ([], 1)
    (package / "readings.json").write_text("{}", encoding="utf-8")
    assert check_evidence([package], Reference(), as_chains=True).faults


def test_looking_again_and_further_exceedances_are_taken_in(city, case):
    assert city.cases.look() == ()
    city.measure(30, 90, 100.0)
    city.measure(90, 120, 900.0)
    assert city.cases.look() == ()
    assert len(all_cases(city.store)) == 1


def test_clean_air_ends_it_once_with_a_picture_of_its_own(city, case):
    city.measure(30, 75, 100.0)
    city.cases.look()
    city.cases.look()
    (later,) = city.store.get(case.id).later
    assert (later.stage.value, later.captured_at) == ("ended", NOON + 30 * MINUTE)
    assert later.picture.name == "chart.jpg"
    packages = [city.evidence.path(each.folder, "x").parent for each in city.store.get(case.id).packages]
    assert check_evidence(packages, Reference(cases=all_cases(city.store)), as_chains=True).faults == []


def test_after_it_was_rejected_only_a_new_exceedance_opens_another(city, case):
    city.take(case, Step.REJECT)
    city.measure(30, 60, 900.0)
    assert city.cases.look() == ()
    city.measure(60, 105, 100.0)
    assert city.cases.look() == ()
    city.measure(105, 135, 900.0)
    (another,) = city.cases.look()
    assert (another.id, another.state) == (case.id + 1, CaseState.FOUND)


def test_it_goes_the_whole_way_without_a_camera_being_asked_to_look_back(city, case):
    case = city.take(case, Step.CONFIRM, Step.ASSIGN, Step.ACCEPT, Step.REPORT, Step.VERIFY, Step.CLOSE)
    assert case.state is CaseState.CLOSED
    assert LookBackStore(city.store).of_case(case.id) == ()


def test_training_learns_nothing_from_it(city, case):
    city.take(case, Step.CONFIRM)
    reviewed = read_reviewed(city.store, city.evidence)
    assert (reviewed.cases, reviewed.damaged) == ((), ())


def test_its_printed_file_says_what_was_measured_and_that_no_model_had_a_say(city, case):
    printed = print_case_file(city.evidence.package(case), None, printed_at=city.now, case=case)
    assert printed.faults == ()
    text = text_of(printed.pdf)
    for told in ("扬尘超标", "15分钟均值900µg/m³", "监测仪自身时钟", "无（依据监测仪数据）", "监测数据"):
        assert told in text, told


def test_a_full_disk_opens_nothing_and_the_next_look_does(city, store, tmp_path):
    city.measure(0, 30, 900.0)
    full = EvidenceFolder(tmp_path / "full", least_free_bytes=2**62)
    with pytest.raises(Exception, match="disk"):
        DustCases(store, city.dust, city.cameras, full, lambda: city.now).look()
    assert len(city.cases.look()) == 1


def cloud_of_pm10(city, pm10=200.0, region=100.0, hours=2):
    """Measure PM10 from noon on, and hand in the region's value of the first hour."""
    for minute in range(hours * 60):
        city.dust.put(make_reading(minute, pm10=pm10), NOON)
    city.now = NOON + hours * 60 * MINUTE
    RegionalDustStore(city.store.engine).put(NOON, region, "赵", city.now)


def test_pm10_is_judged_once_the_region_s_value_of_the_hour_is_known(city):
    for minute in range(60):
        city.dust.put(make_reading(minute, pm10=200.0), NOON)
    city.now = NOON + 60 * MINUTE
    assert city.cases.look() == ()
    cloud_of_pm10(city)
    (case,) = city.cases.look()
    assert (case.opened_at, case.measures) == (NOON, {"pm10_above_region_ug_m3": 100.0, "exceeded_s": 3600.0})
    told = json.loads((city.evidence.package(case) / "readings.json").read_text("utf-8"))
    assert told["regional_ug_m3"] == {NOON.isoformat(): 100.0}
    assert city.cases.look() == ()


def test_a_region_as_dusty_as_the_site_opens_nothing(city):
    cloud_of_pm10(city, region=130.0)
    assert city.cases.look() == ()


def test_a_case_of_pm10_ends_when_the_difference_is_gone_and_tsp_does_not_end_it(city):
    cloud_of_pm10(city)
    (case,) = city.cases.look()
    city.measure(120, 180, 50.0)
    city.cases.look()
    assert city.store.get(case.id).later == ()
    RegionalDustStore(city.store.engine).put(NOON + 60 * MINUTE, 195.0, "赵", city.now)
    city.cases.look()
    (later,) = city.store.get(case.id).later
    assert (later.stage.value, later.captured_at) == ("ended", NOON + 60 * MINUTE)


def test_a_case_of_pm10_is_explained_and_printed_as_such(city):
    cloud_of_pm10(city)
    (case,) = city.cases.look()
    zh = load_translator().texts(CHINESE)
    told = why_it_fired(case, city.evidence.manifest(case), zh)
    assert "PM10 60 分钟均值高出区域 100 µg/m³，限值 80" in told
    printed = print_case_file(city.evidence.package(case), None, printed_at=city.now, case=case)
    assert "高出区域同时段均值100µg/m³" in text_of(printed.pdf)
