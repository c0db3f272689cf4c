"""Puts a case file together: what was examined, the case and its history become the texts of a sheet."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.casefile.examination import Examination, ExaminedFile, FileState
from service.casefile.pictures import role_name
from service.casefile.provenance import made_by, place_and_time
from service.casefile.sheet import Fact, ListedFile, PastStep, PrintedPicture, Sheet
from service.casefile.wording import measured_figures, other_parameters, statement
from service.domain.cases import Case
from service.domain.lifecycle import HistoryEntry
from service.domain.office.advice import Advice
from service.pages.labels import LOCAL_TIME, STATES, STEPS, rule_name, told_text
from service.pages.office_texts import advice_lines, advice_source
from service.texts.catalogue import CHINESE, load_translator
from vision.evidence.faults import Fault
from vision.evidence.manifest import Manifest

UNKNOWN = "不详"
_FILE_STATES = {FileState.INTACT: "一致", FileState.CHANGED: "已被改动", FileState.MISSING: "缺失"}
_zh = load_translator().texts(CHINESE)


def compose(
    found: Examination,
    pictures: tuple[PrintedPicture, ...],
    *,
    printed_at: datetime,
    case: Case | None = None,
    history: Sequence[HistoryEntry] = (),
    advice: Advice | None = None,
) -> Sheet:
    """Return the sheet of a package; `case`, `history` and `advice` are the queue's, None where there is no queue."""
    manifest = found.manifest
    rule = case.rule if case else manifest.rule if manifest else ""
    measures = case.measures if case else manifest.measures if manifest else {}
    parameters = manifest.parameters if manifest else {}
    zone = site_zone(manifest.timezone if manifest else "")
    return Sheet(
        number=f"{case.id}" if case else "（未入队列）",
        state=_zh(STATES[case.state]) if case else "未入队列",
        rule=rule_name(rule, _zh) if rule else UNKNOWN,
        printed_at=in_zone(printed_at, zone),
        alarms=tuple(_alarm(fault) for fault in found.faults),
        verdict=_verdict(found, is_received=case is not None),
        facts=(*_facts(found, case, zone), *_advised(advice)),
        statement=statement(rule, measures, parameters) if rule else "清单无法读取，违规事实不详。",
        figures=measured_figures(measures, parameters),
        pictures=pictures,
        steps=tuple(_past(entry, zone) for entry in history),
        files=tuple(_listed(file) for file in found.files),
        seal=_seal(found, case),
    )


def site_zone(name: str) -> ZoneInfo | None:
    """Return the site's time zone; None, which stands for China's, where the name is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def in_zone(moment: datetime, zone: ZoneInfo | None) -> str:
    """Return the time at the site to the second, with its distance from UTC."""
    return moment.astimezone(zone or LOCAL_TIME).strftime("%Y-%m-%d %H:%M:%S %z")


def _facts(found: Examination, case: Case | None, zone: ZoneInfo | None) -> tuple[Fact, ...]:
    manifest = found.manifest
    facts = [
        Fact("工地", _named(case.site_name, case.site_id) if case else _site(manifest)),
        Fact("摄像机点位", _named(case.camera_name, case.camera_id) if case else _camera(manifest)),
    ]
    opened_at = case.opened_at if case else manifest.opened_at if manifest else None
    if opened_at is not None:
        facts.append(Fact("发现时间（当地）", in_zone(opened_at, zone)))
        facts.append(Fact("发现时间（UTC）", f"{opened_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"))
    if case is not None:
        facts.append(Fact("队列接收时间", in_zone(case.received_at, zone)))
    if manifest is not None:
        facts += place_and_time(manifest, zone)
        others = other_parameters(case.measures if case else manifest.measures, manifest.parameters)
        facts += [Fact("规则参数", others, is_long=True)] if others else []
        facts += made_by(manifest)
    key = case.key if case else manifest.key if manifest else UNKNOWN
    return (*facts, Fact("违规编号", key, is_long=True, is_code=True))


def _advised(advice: Advice | None) -> tuple[Fact, ...]:
    if advice is None:
        return ()
    told = "；".join([*advice_lines(advice, _zh), advice_source(advice, _zh)])
    return (Fact("裁量建议", told, is_long=True),)


def _seal(found: Examination, case: Case | None) -> tuple[Fact, ...]:
    manifest, facts = found.manifest, []
    if manifest is not None and manifest.chain is not None:
        facts.append(Fact("证据链序号", f"{manifest.chain.number}（该摄像机的第 {manifest.chain.number} 个证据包）"))
        facts.append(Fact("前一清单 SHA-256", manifest.chain.previous, is_code=True))
    elif manifest is not None:
        facts.append(Fact("证据链序号", "无（早期证据包，未签名、未入链）"))
    facts.append(Fact("清单 SHA-256", found.manifest_sha256 or UNKNOWN, is_code=True))
    if case is not None and case.manifest_sha256 != found.manifest_sha256:
        facts.append(Fact("接收时清单 SHA-256", case.manifest_sha256, is_code=True))
    key = found.signature.key_id if found.signature else "无有效签名"
    return (*facts, Fact("签名密钥指纹", key, is_code=found.signature is not None))


def _verdict(found: Examination, *, is_received: bool) -> str:
    if found.faults:
        return f"打印时核验：证据不完整，发现 {len(found.faults)} 处问题。"
    whole = f"打印时核验：清单与 {len(found.files)} 个文件逐字节一致"
    received = "，与队列接收时相同" if is_received else ""
    signed = "，签名有效" if found.signature else "；证据包未签名"
    return f"{whole}{received}{signed}。"


def _alarm(fault: Fault) -> str:
    sentence = load_translator().explain(fault.kind.value, fault.params, CHINESE)
    return f"{fault.file}：{sentence}"


def _past(entry: HistoryEntry, zone: ZoneInfo | None) -> PastStep:
    return PastStep(
        at=in_zone(entry.at, zone),
        who=entry.actor.name or _zh("somebody"),
        what=_zh(STEPS[entry.step]),
        why=told_text(entry.told, _zh),
    )


def _listed(file: ExaminedFile) -> ListedFile:
    item = file.item
    is_intact = file.state is FileState.INTACT
    size = f"{item.size_bytes:,}"
    return ListedFile(item.name, role_name(item.role), size, item.sha256, _FILE_STATES[file.state], is_intact)


def _site(manifest: Manifest | None) -> str:
    return _named(manifest.place.site_name, manifest.place.site_id) if manifest else UNKNOWN


def _camera(manifest: Manifest | None) -> str:
    return _named(manifest.place.camera_name, manifest.place.camera_id) if manifest else UNKNOWN


def _named(name: str, identity: str) -> str:
    return name if name == identity else f"{name}（{identity}）"
