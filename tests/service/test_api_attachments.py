"""What people attach to a case, over HTTP."""

import io
import zlib

import pytest
from PIL import Image
from structlog.testing import capture_logs

from service.storage import attachment
from service.storage.attachment import MOST_BYTES

URL = "/api/v1/cases/1/attachments"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def case(api, make_package):
    return api.hand_in(make_package()).json()


def picture(kind="JPEG", size=(320, 240), **more):
    drawn = io.BytesIO()
    Image.new("RGB", size, (90, 140, 60)).save(drawn, kind, **more)
    return drawn.getvalue()


def attached(api):
    return [item for step in api.get("/api/v1/cases/1/history").json()["steps"] for item in step["attachments"]]


def kept_files(tmp_path):
    return sorted(path.name for path in tmp_path.rglob("attachment-*"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_note_of_the_case_and_is_shown(api, kind):
    answer = api.post(URL, content=picture(kind), params={"name": "已覆盖.png", "by": "项目部", "role": "site"})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    (item,) = attached(api)
    assert (item["name"], item["media_type"]) == ("已覆盖.jpg", "image/jpeg")
    shown = api.get(f"{URL}/{item['sha256']}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(shown.content)).size == (320, 240)


def test_the_same_file_again_changes_nothing(api):
    for _ in range(2):
        assert api.post(URL, content=PDF, params={"name": "整改报告.pdf"}).headers["etag"] == '"v1"'
    assert [item["name"] for item in attached(api)] == ["整改报告.pdf"]


def test_metadata_is_left_behind_and_the_picture_stands_upright(api):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "<script>alert(1)</script>"
    api.post(URL, content=picture(exif=exif))
    shown = api.get(f"{URL}/{attached(api)[0]['sha256']}").content
    assert Image.open(io.BytesIO(shown)).size == (240, 320)
    assert b"script" not in shown
    assert not Image.open(io.BytesIO(shown)).getexif()


def bomb():
    """A PNG of 40,000 by 40,000 pixels in a few bytes."""
    head = (40_000).to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(9999))), (b"IEND", b""))
    chunks = (len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 415),
        (b"MZ\x90\x00" + bytes(100), 415),
        (b"PK\x03\x04" + bytes(100), 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 415),
        (picture()[:400], 422),
        (bomb(), 422),
        (picture() + bytes(MOST_BYTES), 413),
    ],
    ids=["empty", "program", "zip", "svg", "cut short", "bomb", "too large"],
)
def test_anything_else_is_refused_and_nothing_is_stored(api, tmp_path, content, status):
    assert api.post(URL, content=content).status_code == status
    assert not attached(api)
    assert not kept_files(tmp_path)


def test_what_is_refused_is_logged_without_its_content(api):
    with capture_logs() as logs:
        api.post(URL, content=b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
        api.post(URL, content=bomb())
    assert [entry["event"] for entry in logs] == ["request.refused"] * 2
    assert "script" not in str(logs)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.jpg", "<b>x</b>.jpg", "...", "a\x00b.jpg"])
def test_a_name_is_never_a_path(api, tmp_path, name):
    api.post(URL, content=picture(), params={"name": name})
    for item in attached(api):
        assert not set(item["name"]) & set('/\\<>\x00"')
    assert not list(tmp_path.rglob("passwd*"))


def test_a_case_that_is_not_there_gets_nothing(api, tmp_path):
    assert api.post("/api/v1/cases/99/attachments", content=picture()).status_code == 404
    assert api.get(f"{URL}/{'0' * 64}").status_code == 404
    assert not kept_files(tmp_path)


def test_a_large_photograph_is_made_smaller(api, monkeypatch):
    monkeypatch.setattr(attachment, "LONGEST_SIDE", 100)
    api.post(URL, content=picture(size=(400, 200)))
    shown = api.get(f"{URL}/{attached(api)[0]['sha256']}").content
    assert Image.open(io.BytesIO(shown)).size == (100, 50)
