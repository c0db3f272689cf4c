"""What leaves over HTTP: a PDF, and pictures that say what they are copies of."""

import io

import numpy as np
from PIL import Image

from service.domain.cases import Decision
from tests.service.casefile.reading import squeezed, text_of


def test_a_case_is_printed_with_its_history(api, package):
    case = api.hand_in(package).json()
    review = {"decision": Decision.CONFIRM.value, "reason": "属实", "reviewer": "王工"}
    assert api.post(f"/api/cases/{case['id']}/review", json=review).status_code == 200
    answer = api.get(f"/api/cases/{case['id']}/casefile.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    text = text_of(answer.content)
    for told in ("滨江一号地块", "王工", "属实", "未识别到人员，画面未改动", case["manifest_sha256"], "证据包未签名"):
        assert squeezed(told) in text, told


def test_damaged_evidence_is_printed_as_such(api, package, evidence_root):
    case = api.hand_in(package).json()
    (evidence_root / package.key / "clip.mp4").unlink()
    answer = api.get(f"/api/cases/{case['id']}/casefile.pdf")
    assert answer.status_code == 200
    assert squeezed("证据缺失或已损坏") in text_of(answer.content)


def test_there_is_no_case_file_of_no_case(api):
    assert api.get("/api/cases/99/casefile.pdf").status_code == 404


def test_a_blurred_copy_says_what_it_is_a_copy_of(api, package):
    case = api.hand_in(package).json()
    answer = api.get(f"/api/cases/{case['id']}/redacted/clean.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    copy = np.array(Image.open(io.BytesIO(answer.content)))
    original = np.array(Image.open(io.BytesIO(package.files["clean.jpg"])))
    band = copy.shape[0] - original.shape[0]
    assert band > 0
    assert copy.shape[1] == original.shape[1]
    assert np.abs(copy[band:].astype(int) - original).mean() < 4


def test_clips_and_unknown_files_have_no_blurred_copy(api, package):
    case = api.hand_in(package).json()
    assert api.get(f"/api/cases/{case['id']}/redacted/clip.mp4").status_code == 404
    assert api.get(f"/api/cases/{case['id']}/redacted/manifest.json").status_code == 404


def test_no_blurred_copy_is_made_of_a_changed_picture(api, package, evidence_root):
    case = api.hand_in(package).json()
    path = evidence_root / package.key / "clean.jpg"
    path.write_bytes(path.read_bytes() + b" ")
    answer = api.get(f"/api/cases/{case['id']}/redacted/clean.jpg")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith("evidence-damaged")


def test_no_copy_leaves_when_people_can_not_be_found(api, package, monkeypatch):
    from models.errors import ModelMissing
    from service.api import casefile

    def fail():
        raise ModelMissing(name="yolo26n-coco", known="none")

    monkeypatch.setattr(casefile, "person_finder", fail)
    case = api.hand_in(package).json()
    answer = api.get(f"/api/cases/{case['id']}/redacted/clean.jpg")
    assert answer.json()["type"].endswith("no-people-model")
