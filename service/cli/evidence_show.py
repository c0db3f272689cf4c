"""`dustwatch evidence show`: what an evidence package tells, for people to read."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from service.errors import ServiceError
from service.pages.labels import figure_name, figure_value, rule_name
from service.texts.catalogue import CHINESE, ENGLISH, Texts, load_translator
from vision.evidence.manifest import (
    MANIFEST_NAME,
    SIGNATURE_NAME,
    Calibration,
    ClockState,
    Manifest,
    Place,
    Plate,
)
from vision.evidence.signature import Signature
from vision.evidence.verify import find_packages, verify_package
from vision.later_finding import STAGES
from vision.look_backs import OUTCOMES

Row = tuple[str, str]
"""What it is, and what it is like; an empty name goes on with the row before."""
NAME_CELLS = 24
NOT_TOLD = "未记录 not told"
_ERROR = "_error"


class NoPackage(ServiceError):
    """There is no evidence package to show."""

    template = "{folder} holds no evidence package that can be read: {detail}"


def show(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="证据包，或其上级目录 A package, or a folder of them.")
    ],
) -> None:
    """显示证据包内容。Print what a package tells: place, times, rule, figures, models, calibration, chain and key.

    Example: [bold]dustwatch evidence show dustwatch-data/service/evidence/KEY[/bold]
    """
    packages = find_packages(folder)
    if not packages:
        raise NoPackage(folder=folder, detail=MANIFEST_NAME)
    for number, package in enumerate(packages):
        if number:
            typer.echo()
        for name, value in package_rows(package):
            typer.echo(f"{_padded(name)}{_printable(value)}")


def package_rows(package: Path) -> list[Row]:
    """Return all that a package tells, Chinese first; what an older version did not tell is left out or said so.

    Raises NoPackage.
    """
    try:
        manifest = Manifest.model_validate_json((package / MANIFEST_NAME).read_bytes())
    except OSError as error:
        raise NoPackage(folder=package, detail=error.strerror or MANIFEST_NAME) from None
    except ValidationError as error:
        raise NoPackage(folder=package, detail=error.errors()[0]["msg"]) from None
    return [
        ("证据包 package", manifest.key),
        ("违规 violation", _in_both(rule_name, manifest.rule.value)),
        *_place_rows(manifest.place),
        *_course_rows(manifest),
        *_time_rows(manifest),
        *_figure_rows("测量 measures", manifest.measures),
        *_figure_rows("参数 parameters", manifest.parameters),
        ("依据区域 claims", _claims(manifest)),
        *_plate_rows(manifest.plate),
        *_made_by_rows(manifest),
        *_calibration_rows(manifest.calibration),
        ("基准图 reference", manifest.reference_sha256 or NOT_TOLD),
        *_whole(package, manifest),
    ]


def _place_rows(place: Place) -> Iterator[Row]:
    yield "地点 place", f"{place.site_name} · {place.camera_name} ({place.site_id} / {place.camera_id})"
    address = " · ".join(filter(None, (place.district, place.street, place.address)))
    if address:
        yield "地址 address", address
    at = place.position
    yield "位置 position", NOT_TOLD if at is None else f"纬度 {at.latitude:.6f}, 经度 {at.longitude:.6f} (WGS84)"


def _course_rows(manifest: Manifest) -> Iterator[Row]:
    """Say whether it is a later picture, and whether there is one of before."""
    if manifest.follows is not None:
        follows = manifest.follows
        what = STAGES[follows.stage] if follows.outcome is None else OUTCOMES[follows.outcome]
        yield "后续画面 later picture", f"{follows.number} · {what} · {follows.key}"
    if manifest.before is not None:
        yield "之前画面 before", f"{manifest.before.captured_at:%Y-%m-%d %H:%M:%S} UTC"


def _time_rows(manifest: Manifest) -> Iterator[Row]:
    yield "时间 time", f"{manifest.local_time:%Y-%m-%d %H:%M:%S %z} {manifest.timezone}"
    yield "", f"{manifest.opened_at:%Y-%m-%d %H:%M:%S} UTC"
    yield "时钟 clock", _clock(manifest.clock_state)
    if manifest.clip is None:
        yield "录像 clip", "无 none"
    else:
        clip = manifest.clip
        cut_off = "" if clip.complete else "，未完整 incomplete"
        yield "录像 clip", f"{clip.starts_at:%H:%M:%S} – {clip.ends_at:%H:%M:%S} UTC{cut_off}"


def _clock(state: ClockState | None) -> str:
    if state is None or state.synchronised is None:
        return NOT_TOLD
    if not state.synchronised:
        return "未与时间服务同步 not kept by any time service"
    told = (
        ("估计误差 estimated error", state.estimated_error_s),
        ("最大误差 at most", state.most_error_s),
        ("待调整 still to be corrected", state.offset_s),
    )
    return "，".join(["已同步 synchronised", *(f"{name} {value:.4g} s" for name, value in told if value is not None)])


def _figure_rows(title: str, figures: Mapping[str, float]) -> Iterator[Row]:
    for name, value in figures.items():
        if name.endswith(_ERROR) and name.removesuffix(_ERROR) in figures:
            continue
        text, unit = figure_value(name, value, str)
        error = figures.get(f"{name}{_ERROR}")
        give_or_take = "" if error is None else f" ± {error:g}"
        yield title, f"{_in_both(figure_name, name)}: {text}{give_or_take} {unit}".rstrip()
        title = ""


def _claims(manifest: Manifest) -> str:
    counts = Counter(claim.class_name for claim in manifest.claims)
    return ", ".join(f"{name} {count} 处 parts" for name, count in counts.items()) or "无 none"


def _plate_rows(plate: Plate | None) -> Iterator[Row]:
    if plate is not None:
        read = f"{plate.text} 置信度 confidence {plate.confidence:g}, {plate.views} 图 pictures"
        yield "车牌 plate", read if plate.valid else "未读出 not read"


def _made_by_rows(manifest: Manifest) -> Iterator[Row]:
    title = "模型 models"
    for model in manifest.models or ([] if manifest.model is None else [manifest.model]):
        version = f" 版本 version {model.version}" if model.version else ""
        yield title, f"{model.name}{version}, SHA-256 {model.sha256}"
        title = ""
    versions = manifest.software_versions
    yield "软件 software", ", ".join(f"{name} {at}" for name, at in versions.items()) or manifest.software


def _calibration_rows(calibration: Calibration | None) -> Iterator[Row]:
    if calibration is None:
        yield "标定 calibration", "无 none"
        return
    metres, pixels = calibration.reprojection_error_m, calibration.reprojection_error_px
    points = f"{len(calibration.points)} 点 points"
    yield "标定 calibration", f"{points}, 重投影误差 reprojection error {metres:g} m, {pixels:g} px"
    for row in calibration.homography:
        yield "", " ".join(f"{value:12.6g}" for value in row)


def _whole(package: Path, manifest: Manifest) -> Iterator[Row]:
    title = "文件 files"
    for file in manifest.files:
        yield title, f"{file.name}  {file.size_bytes} B  {file.sha256}"
        title = ""
    link = manifest.chain
    yield "证据链 chain", "无 none" if link is None else f"第 {link.number} 号 number, 前一号 after {link.previous}"
    yield "签名密钥 key", _key_id(package) if link is not None else "未签名 unsigned"
    faults = verify_package(package)
    found = f"{len(faults)} 处不符 faults: dustwatch evidence verify" if faults else "完整 whole"
    yield "核验 check", found


def _key_id(package: Path) -> str:
    try:
        return Signature.model_validate_json((package / SIGNATURE_NAME).read_bytes()).key_id
    except (OSError, ValidationError):
        return "无法读取 it can't be read"


def _in_both(name_of: Callable[[str, Texts], str], name: str) -> str:
    texts = load_translator()
    chinese, english = (name_of(name, texts.texts(language)) for language in (CHINESE, ENGLISH))
    return chinese if chinese == english else f"{chinese} {english}"


def _printable(text: str) -> str:
    """Return the text without what could steer a terminal: packages come from elsewhere."""
    return "".join("�" if unicodedata.category(each) in {"Cc", "Cf", "Cs"} else each for each in text)


def _padded(name: str) -> str:
    """Return the name, as wide as the others in a terminal, where a Chinese character takes two cells."""
    cells = sum(2 if unicodedata.east_asian_width(each) in {"W", "F"} else 1 for each in name)
    return name + " " * max(1, NAME_CELLS - cells)
