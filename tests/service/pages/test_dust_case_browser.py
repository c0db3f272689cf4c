"""A dust exceedance's case in a browser: the chart, what cameras saw, and why it is one."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from service.domain.camera_news import CameraNews
from service.dust.reading import Instrument
from service.storage.camera_store import CameraKey, CameraStore
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.dust_cases import DustCases
from service.storage.dust_store import DustStore
from service.storage.evidence_folder import EvidenceFolder
from tests.service.camera_samples import news
from tests.service.conftest import draw_scene
from tests.service.dust.dust_packets import MN, NOON, make_reading
from tests.service.pages.browser import NEEDS_BROWSER, screenshot

pytestmark = NEEDS_BROWSER


@pytest.fixture
def case_id(address, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    dust, cameras = DustStore(engine), CameraStore(engine)
    dust.register([Instrument(MN, "东门扬尘仪", "s-01", "滨江一号地块")])
    for minute in range(60):
        dust.put(make_reading(minute, tsp=320.0 + 12 * minute, pm10=90.0), NOON)
    key = CameraKey(site_id="s-01", camera_id="gate")
    cameras.tell(key, CameraNews.model_validate(news()), NOON)
    cameras.keep_picture(key, draw_scene(640, 360), NOON + timedelta(minutes=50), NOON)
    evidence = EvidenceFolder(tmp_path / "evidence")
    (case,) = DustCases(CaseStore(engine), dust, cameras, evidence, lambda: NOON + timedelta(hours=1)).look()
    engine.dispose()
    return case.id


@pytest.mark.parametrize(
    ("path", "rule", "why"),
    [("/", "扬尘超标", "监测仪测得 TSP 15 分钟均值"), ("/en", "Dust exceedance", "The monitor measured")],
)
def test_chart_figures_and_the_cameras_picture_stand_in_one_case(page, address, case_id, path, rule, why):
    page.goto(f"{address}{path}?case={case_id}")
    case = page.locator(".dw-case")
    expect(case.get_by_text(rule).first).to_be_visible()
    expect(case).to_contain_text(why)
    frame = case.locator(".dw-frame img")
    expect(frame).to_have_attribute("alt", "东门出口")
    expect(frame).to_have_js_property("complete", True)
    expect(case.locator(".dw-dust canvas")).to_be_attached()
    screenshot(page, "dust-case.png")
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Z")).to_be_visible()
