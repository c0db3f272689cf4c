"""Says where a manifest's figures come from: position, clock, clip, calibration, models and software."""

from zoneinfo import ZoneInfo

from service.casefile.sheet import Fact
from service.pages.labels import LOCAL_TIME
from vision.evidence.manifest import Manifest


def place_and_time(manifest: Manifest, zone: ZoneInfo | None) -> list[Fact]:
    """Return the clock and the clip's times; `zone` is the site's, None for China's."""
    return [
        Fact("时钟来源", "取证设备时钟（报文到达时刻）"),
        Fact("录像", _clip(manifest, zone), is_long=True),
    ]


def made_by(manifest: Manifest) -> list[Fact]:
    """Return the model and the software."""
    model = f"{manifest.model.name}（SHA-256 {manifest.model.sha256[:16]}…）"
    return [Fact("判定模型", model, is_long=True), Fact("软件", manifest.software, is_long=True)]


def _clip(manifest: Manifest, zone: ZoneInfo | None) -> str:
    clip = manifest.clip
    if clip is None:
        return "无"
    seconds = (clip.ends_at - clip.starts_at).total_seconds()
    start, end = (moment.astimezone(zone or LOCAL_TIME) for moment in (clip.starts_at, clip.ends_at))
    completeness = "完整" if clip.complete else "未录全"
    return f"{start:%H:%M:%S} 至 {end:%H:%M:%S}，{seconds:.0f} 秒，{completeness}；未打码，仅留存于密封证据包"
