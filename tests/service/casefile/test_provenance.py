"""Where the figures come from is said in words, and what an older package did not tell is said to be unrecorded."""

from zoneinfo import ZoneInfo

from service.casefile.provenance import made_by, place_and_time
from tests.vision.evidence.packages import make_chain, read_manifest
from vision.evidence.manifest import Calibration, ClockState, GroundPoint, Manifest, ModelUsed, Plate, Position


def manifest(tmp_path, **changes):
    (package,) = make_chain(tmp_path, 1)
    made = read_manifest(package)
    place = made.place.model_copy(update=changes.pop("place", {}))
    return made.model_copy(update={"place": place, **changes})


def told(made: Manifest) -> dict[str, str]:
    return {fact.label: fact.value for fact in (*place_and_time(made, ZoneInfo("Asia/Shanghai")), *made_by(made))}


def test_position_address_and_clock_are_told(tmp_path):
    clock = ClockState(synchronised=True, estimated_error_s=0.0021, most_error_s=0.05, offset_s=None)
    where = {"district": "建邺区", "street": "江东中路", "position": Position(latitude=32.01, longitude=118.73)}
    facts = told(manifest(tmp_path, place=where, clock_state=clock))
    assert facts["地址"] == "建邺区 江东中路"
    assert facts["位置（WGS84）"] == "北纬 32.010000°，东经 118.730000°"
    assert facts["时钟"].endswith("已与时间服务同步，估计误差 0.0021 秒，最大误差 0.05 秒")


def test_what_is_not_known_is_said_so(tmp_path):
    facts = told(manifest(tmp_path, clock_state=None, calibration=None, models=[], software_versions={}))
    assert "地址" not in facts
    assert facts["位置（WGS84）"] == "未记录"
    assert facts["时钟"].endswith("与标准时间是否同步未记录")
    assert facts["录像"] == "无"
    assert facts["地面标定"].startswith("无")
    assert facts["软件"] == "dustwatch test"
    unsynchronised = manifest(tmp_path / "2", clock_state=ClockState(synchronised=False))
    assert told(unsynchronised)["时钟"].endswith("未与时间服务同步")


def test_calibration_and_every_model_are_told(tmp_path):
    corners = [((0, 0), (0, 0)), ((1, 0), (9, 0)), ((1, 1), (9, 9)), ((0, 1), (0, 9))]
    calibration = Calibration(
        points=[GroundPoint(at=at, metres=metres) for at, metres in corners],
        picture_size=(640, 360),
        reprojection_error_px=1.25,
        reprojection_error_m=0.041,
        homography=((9, 0, 0), (0, 9, 0), (0, 0, 1)),
    )
    models = [ModelUsed(name="surfaces", sha256="ab" * 32, version="3"), ModelUsed(name="mud", sha256="cd" * 32)]
    facts = told(manifest(tmp_path, calibration=calibration, models=models, software_versions={"onnxruntime": "1.32"}))
    assert facts["地面标定"] == "4 个地面点，重投影误差 0.041 m（1.25 像素）"
    assert facts["判定模型"] == "surfaces 版本 3（SHA-256 abababababababab…）；mud（SHA-256 cdcdcdcdcdcdcdcd…）"
    assert facts["软件"] == "onnxruntime 1.32"


def test_a_plate_that_was_read_is_told_as_a_hint(tmp_path):
    plate = Plate(text="苏A12345", confidence=0.93, views=2, valid=True)
    assert told(manifest(tmp_path, plate=plate))["车牌（机读）"] == "苏A12345，置信度 93 %；机读仅供参考，以图片为准"
    unread = plate.model_copy(update={"valid": False})
    assert told(manifest(tmp_path / "2", plate=unread))["车牌（机读）"] == "未读出"
