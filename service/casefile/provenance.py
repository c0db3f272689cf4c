"""Says where a manifest's figures come from: position, clock, clip, calibration, models and software."""

from zoneinfo import ZoneInfo

from service.casefile.sheet import Fact
from service.pages.labels import LOCAL_TIME
from vision.evidence.manifest import Calibration, ClockState, Manifest, ModelUsed, Plate, Position

NOT_TOLD = "未记录"


def place_and_time(manifest: Manifest, zone: ZoneInfo | None) -> list[Fact]:
    """Return address, position, the clock's state, clip and plate; `zone` is the site's, None for China's."""
    place = manifest.place
    address = " ".join(part for part in (place.district, place.street, place.address) if part)
    return [
        *([Fact("地址", address, is_long=True)] if address else []),
        Fact("位置（WGS84）", _position(place.position), is_long=True),
        Fact("时钟", _times_by(manifest), is_long=True),
        Fact("录像", _clip(manifest, zone), is_long=True),
        *([] if manifest.plate is None else [Fact("车牌（机读）", _plate(manifest.plate), is_long=True)]),
    ]


def made_by(manifest: Manifest) -> list[Fact]:
    """Return the calibration, every model that had a say, and the software."""
    used = manifest.models or ([] if manifest.model is None else [manifest.model])
    models = "；".join(map(_model, used)) or "无（依据监测仪数据）"
    versions = "，".join(f"{name} {version}" for name, version in manifest.software_versions.items())
    return [
        Fact("地面标定", _calibration(manifest.calibration), is_long=True),
        Fact("判定模型", models, is_long=True),
        Fact("软件", versions or manifest.software, is_long=True),
    ]


def _position(position: Position | None) -> str:
    if position is None:
        return NOT_TOLD
    north, east = position.latitude, position.longitude
    latitude = f"{'北纬' if north >= 0 else '南纬'} {abs(north):.6f}°"
    return f"{latitude}，{'东经' if east >= 0 else '西经'} {abs(east):.6f}°"


def _times_by(manifest: Manifest) -> str:
    if manifest.clock == "instrument":
        return "监测仪自身时钟，未与本系统核对"
    return f"取证设备时钟（报文到达时刻）；{_clock(manifest.clock_state)}"


def _clock(state: ClockState | None) -> str:
    if state is None or state.synchronised is None:
        return f"与标准时间是否同步{NOT_TOLD}"
    if not state.synchronised:
        return "未与时间服务同步"
    told = (("估计误差", state.estimated_error_s), ("最大误差", state.most_error_s), ("待调整", state.offset_s))
    return "，".join(["已与时间服务同步", *(f"{name} {value:.3g} 秒" for name, value in told if value is not None)])


def _plate(plate: Plate) -> str:
    if not plate.valid:
        return "未读出"
    return f"{plate.text}，置信度 {min(99, int(plate.confidence * 100))} %；机读仅供参考，以图片为准"


def _calibration(calibration: Calibration | None) -> str:
    if calibration is None:
        return "无（面积与长度不以米计）"
    metres, pixels = calibration.reprojection_error_m, calibration.reprojection_error_px
    return f"{len(calibration.points)} 个地面点，重投影误差 {metres:.3g} m（{pixels:.3g} 像素）"


def _model(model: ModelUsed) -> str:
    version = f" 版本 {model.version}" if model.version else ""
    return f"{model.name}{version}（SHA-256 {model.sha256[:16]}…）"


def _clip(manifest: Manifest, zone: ZoneInfo | None) -> str:
    clip = manifest.clip
    if clip is None:
        return "无"
    seconds = (clip.ends_at - clip.starts_at).total_seconds()
    start, end = (moment.astimezone(zone or LOCAL_TIME) for moment in (clip.starts_at, clip.ends_at))
    completeness = "完整" if clip.complete else "未录全"
    return f"{start:%H:%M:%S} 至 {end:%H:%M:%S}，{seconds:.0f} 秒，{completeness}；未打码，仅留存于密封证据包"
