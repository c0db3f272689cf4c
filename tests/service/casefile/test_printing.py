"""A case file tells everything, shows nobody, says what is damaged, and holds against hostile names."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from service.casefile.printing import print_case_file
from service.domain.cases import Case, CaseState, EvidenceItem
from service.domain.lifecycle import Actor, HistoryEntry, Role, Step, Told
from tests.service.casefile.reading import embedded_fonts, hashes, reader, squeezed, text_of
from tests.vision.evidence.packages import OPENED_AT, read_manifest

PRINTED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOSTILE = '</td><script>alert(1)</script> #image("x") $a_b$ *\\u{41} 😀\u202eevil'


def make_case(package, **changes):
    manifest = read_manifest(package)
    place = manifest.place
    fields = {
        "key": manifest.key,
        "rule": manifest.rule.value,
        "site_id": place.site_id,
        "site_name": place.site_name,
        "camera_id": place.camera_id,
        "camera_name": place.camera_name,
        "opened_at": manifest.opened_at,
        "received_at": manifest.opened_at + timedelta(seconds=20),
        "measures": manifest.measures,
        "evidence": tuple(
            EvidenceItem(file.name, file.role, file.media_type, file.size_bytes, file.sha256) for file in manifest.files
        ),
        "folder": package.name,
        "manifest_sha256": hashlib.sha256((package / "manifest.json").read_bytes()).hexdigest(),
        "id": 12,
        "state": CaseState.CONFIRMED,
    }
    return Case(**{**fields, **changes})


def printed(package, finder, **options):
    return print_case_file(package, finder, printed_at=PRINTED_AT, **options).pdf


def step_of(number, step, name, told):
    """A step so many hours after the case was opened; the states are not printed."""
    at = OPENED_AT + timedelta(hours=number)
    return HistoryEntry(12, number, step, CaseState.FOUND, CaseState.FOUND, Actor(name, Role.REVIEWER), at, told)


def test_a_case_file_tells_place_times_figures_history_hashes_and_key(seal_package, finder):
    package = seal_package()
    manifest = read_manifest(package)
    history = [
        step_of(1, Step.REJECT, "李工", Told("was_washed")),
        step_of(2, Step.UNDO, "李工", Told()),
        step_of(3, Step.CONFIRM, "王工", Told("看过录像")),
        step_of(4, Step.ASSIGN, "赵主任", Told(party="某建设集团")),
    ]
    pdf = printed(package, finder, case=make_case(package), history=history)
    text = text_of(pdf)
    for told in (
        "扬尘违规案卷",
        "案卷编号 12",
        "车辆未冲洗",
        "已确认",
        "星河湾二期（xinghe）",
        "东门出口（gate）",
        "2026-03-01 16:00:00 +0800",
        "2026-03-01 08:00:00",
        "停留 3.5 秒，少于规定的 20 秒",
        "不少于 20 秒",
        "车辆已冲洗",
        "李工",
        "看过录像",
        "王工",
        "2026-03-01 19:00:00 +0800",
        "已交办",
        "某建设集团",
        manifest.key,
        *(file.sha256 for file in manifest.files),
        *(file.name for file in manifest.files),
        "0" * 64,
        json.loads((package / "manifest.signature.json").read_text())["key_id"],
        "清单与 2 个文件逐字节一致，与队列接收时相同，签名有效",
        "识别到人员 1 处，已打码",
        "车窗内的人员无法识别",
        "dustwatch evidence verify",
        "巡查员（签字）",
        "责任主体（签字、盖章）",
        "打印于 2026-03-02 09:00:00 +0800",
        "第 1 页，共",
    ):
        assert squeezed(told) in text, told
    assert "已损坏" not in text


def test_its_fonts_are_inside_and_only_the_used_part_of_them(seal_package, finder):
    pdf = printed(seal_package(), finder)
    fonts = embedded_fonts(pdf)
    assert any("NotoSansCJK" in name for name in fonts)
    assert all(fonts.values()), fonts
    assert len(pdf) < 1_000_000


def test_its_pictures_are_as_large_as_the_originals_and_nobody_is_seen_in_them(seal_package, finder, street, worker):
    package = seal_package()
    before = hashes(package)
    pages = reader(printed(package, finder)).pages
    pictures = [np.array(image.image.convert("RGB"))[..., ::-1] for page in pages for image in page.images]
    clean = next(picture for picture in pictures if picture.shape == street.shape)
    annotated = next(picture for picture in pictures if picture.shape != street.shape)
    assert annotated.shape[1] == street.shape[1]
    band = annotated.shape[0] - street.shape[0]
    left, top, right, bottom = worker
    sharp = cv2.Laplacian(street[top:bottom, left:right], cv2.CV_64F).var()
    for picture, shift in ((clean, 0), (annotated, band)):
        assert cv2.Laplacian(picture[top + shift : bottom + shift, left:right], cv2.CV_64F).var() < sharp / 20
    elsewhere = np.s_[:, : left - 40]
    assert np.abs(clean[elsewhere].astype(int) - street[elsewhere]).mean() < 4
    assert hashes(package) == before


def test_without_what_finds_people_no_picture_is_printed(seal_package):
    pdf = printed(seal_package(), None)
    assert squeezed("人员识别模型无法使用") in text_of(pdf)
    assert not [image for page in reader(pdf).pages for image in page.images]


def test_equal_cases_give_equal_bytes(seal_package, finder):
    package = seal_package()
    assert printed(package, finder) == printed(package, finder)
    later = print_case_file(package, finder, printed_at=PRINTED_AT + timedelta(minutes=1)).pdf
    assert later != printed(package, finder)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda package: (package / "clean.jpg").unlink(), "clean.jpg"),
        (lambda package: (package / "annotated.jpg").write_bytes(b"other"), "不予印出"),
        (lambda package: (package / "manifest.json").write_bytes(b"{}"), "manifest.json"),
        (lambda package: (package / "manifest.signature.json").unlink(), "无有效签名"),
        (lambda package: [path.unlink() for path in package.iterdir()], "缺失"),
    ],
)
def test_damage_is_said_on_the_first_page(seal_package, finder, damage, told):
    package = seal_package()
    case = make_case(package)
    damage(package)
    outcome = print_case_file(package, finder, printed_at=PRINTED_AT, case=case)
    assert outcome.faults
    assert squeezed("证据缺失或已损坏") in squeezed(reader(outcome.pdf).pages[0].extract_text())
    assert squeezed(told) in text_of(outcome.pdf)
    assert "逐字节一致" not in text_of(outcome.pdf)


def test_a_package_that_is_gone_still_has_a_case_file(seal_package, finder, tmp_path):
    case = make_case(seal_package())
    pdf = printed(tmp_path / "gone", finder, case=case)
    assert squeezed("证据缺失或已损坏") in text_of(pdf)
    assert case.key in text_of(pdf)


def test_a_manifest_that_was_sealed_again_is_not_the_one_received(seal_package, finder):
    package = seal_package()
    text = text_of(printed(package, finder, case=make_case(package, manifest_sha256="1" * 64)))
    assert squeezed("证据缺失或已损坏") in text
    assert "1" * 64 in text


def test_hostile_names_are_printed_as_text_and_break_nothing(seal_package, finder):
    package = seal_package(site_name=HOSTILE, camera_name="无" * 200, camera_id="x" * 200)
    case = make_case(package)
    history = [step_of(1, Step.CONFIRM, HOSTILE, Told("永" * 500))]
    pdf = printed(package, finder, case=case, history=history)
    text = text_of(pdf)
    assert squeezed('</td><script>alert(1)</script> #image("x") $a_b$ *\\u{41} 〔U+1F600〕〔U+202E〕evil') in text
    assert "x" * 200 in text
    assert text.count("永") == 500
    for page in reader(pdf).pages:
        assert [float(edge) for edge in page.mediabox] == pytest.approx([0, 0, 595.28, 841.89], abs=0.01)


def test_nothing_is_printed_beyond_the_margins(seal_package, finder):
    package = seal_package(site_name="W" * 200, camera_name="😀" * 100)
    right_most = []

    def note(text, _cm, matrix, _font, size):
        if text.strip():
            right_most.append(matrix[4])

    for page in reader(printed(package, finder, case=make_case(package))).pages:
        page.extract_text(visitor_text=note)
    assert right_most
    assert max(right_most) < 595.28 - 56
