"""`dustwatch evidence show` tells what is in a package, and what of it does not hold."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.cli.evidence_show import NoPackage, package_rows
from tests.service.cli.test_evidence import run
from tests.vision.evidence.packages import OPENED_AT, PLACE, make_chain, picture, read_manifest, recorder, violation
from tests.vision.evidence.packages import scene as plain_scene
from tests.vision.evidence.test_calibration import GROUND
from tests.vision.evidence.test_old_packages import FIRST_SHAPE
from vision.evidence.calibration import calibration_of
from vision.evidence.manifest import (
    FIRST_LOOK_BACK,
    Before,
    Claim,
    Follows,
    Manifest,
    Outcome,
    Plate,
    Position,
    Stage,
)
from vision.evidence.scene import Scene


def scene() -> Scene:
    """Return a scene about which everything is known."""
    place = PLACE.model_copy(
        update={
            "district": "浦东新区",
            "address": "科苑路 1 号",
            "position": Position(latitude=31.2304, longitude=121.4737),
        }
    )
    claim = Claim(class_name="other", points=[(0.1, 0.5), (0.5, 0.5), (0.5, 0.9)])
    return replace(plain_scene(), place=place, claims=[claim], calibration=calibration_of(GROUND))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    making = recorder(tmp_path / "edge")
    found = replace(violation(), measures={"gap_share": 0.085, "gap_m": 2.6, "gap_m_error": 0.15, "looks": 31.0})
    making.begin(found, scene(), picture(), lambda *_: [])
    (made,) = making.finish_due(OPENED_AT + timedelta(minutes=1), lambda _: None, lambda *_: [])
    return made


def test_all_that_a_reader_needs_is_shown_chinese_first(package: Path) -> None:
    result = run("show", package)
    assert result.exit_code == 0
    shown = result.stdout
    for text in [
        read_manifest(package).key,
        "车辆未冲洗 Unwashed truck",
        "星河湾二期 · 东门出口 (xinghe / gate)",
        "浦东新区 · 科苑路 1 号",
        "纬度 31.230400, 经度 121.473700 (WGS84)",
        "2026-03-01 16:00:00 +0800 Asia/Shanghai",
        "2026-03-01 08:00:00 UTC",
        "已同步 synchronised，估计误差 estimated error 0.002 s",
        "缺口长度 Gap: 2.6 ± 0.15 m",
        "other 1 处",
        "test 版本 version 3, SHA-256 " + "0" * 64,
        "onnxruntime 1.23.0",
        "4 点 points, 重投影误差 reprojection error",
        "第 1 号",
        "完整 whole",
    ]:
        assert text in shown, shown


def test_every_package_of_a_folder_is_shown(tmp_path: Path) -> None:
    made = make_chain(tmp_path, 2)
    shown = run("show", tmp_path / "ready").stdout
    assert all(package.name in shown for package in made)


def test_what_was_changed_is_said(package: Path) -> None:
    (package / "clean.jpg").write_bytes(b"another")
    assert dict(package_rows(package))["核验 check"].startswith("1 处不符")


def test_a_package_of_an_older_shape_is_shown_without_what_it_does_not_tell(package: Path) -> None:
    (package / "manifest.json").write_text(Manifest.model_validate(FIRST_SHAPE).model_dump_json(), encoding="utf-8")
    rows = dict(package_rows(package))
    assert rows["时钟 clock"] == "未记录 not told"
    assert rows["软件 software"] == "dustwatch 0.1.0"
    assert rows["签名密钥 key"] == "未签名 unsigned"


def test_a_plate_is_shown_as_read_or_as_not_read(package: Path) -> None:
    def shown(plate: Plate | None) -> str | None:
        changed = read_manifest(package).model_copy(update={"plate": plate})
        (package / "manifest.json").write_text(changed.model_dump_json(), encoding="utf-8")
        return dict(package_rows(package)).get("车牌 plate")

    read = Plate(text="苏A8K326", confidence=0.98, views=1, valid=True)
    assert shown(read) == "苏A8K326 置信度 confidence 0.98, 1 图 pictures"
    assert shown(read.model_copy(update={"valid": False})) == "未读出 not read"
    assert shown(None) is None


def test_a_name_can_not_steer_the_terminal(package: Path) -> None:
    manifest = read_manifest(package)
    place = manifest.place.model_copy(update={"site_name": "a\u001b[2Jb"})
    (package / "manifest.json").write_text(manifest.model_copy(update={"place": place}).model_dump_json())
    assert "\u001b" not in run("show", package).stdout


def test_a_folder_without_packages_is_said_to_be_one(tmp_path: Path) -> None:
    assert isinstance(run("show", tmp_path).exception, NoPackage)
    (tmp_path / "manifest.json").write_bytes(b"{}")
    with pytest.raises(NoPackage, match=r"manifest|required"):
        package_rows(tmp_path)


def test_a_later_picture_and_one_of_before_are_told(package: Path) -> None:
    rows = dict(package_rows(package))
    assert "后续画面 later picture" not in rows
    assert "之前画面 before" not in rows
    key = read_manifest(package).key
    follows, before = Follows(key=key, number=3, stage=Stage.ENDED), Before(captured_at=OPENED_AT)
    changed = read_manifest(package).model_copy(update={"follows": follows, "before": before})
    (package / "manifest.json").write_text(changed.model_dump_json(), encoding="utf-8")
    rows = dict(package_rows(package))
    assert rows["后续画面 later picture"] == f"3 · 已消除 has ended · {key}"
    assert rows["之前画面 before"] == "2026-03-01 08:00:00 UTC"
    follows = Follows(key=key, number=FIRST_LOOK_BACK, stage=Stage.LOOK_BACK, outcome=Outcome.STILL_VIOLATED)
    looked_back = changed.model_copy(update={"follows": follows, "measures": {"looks": 0.0}})
    (package / "manifest.json").write_text(looked_back.model_dump_json(), encoding="utf-8")
    told = dict(package_rows(package))["后续画面 later picture"]
    assert told == f"50001 · 回头看：仍违规 look-back: still violated · {key}"
