"""Cameras' news, newest pictures and layouts over the API."""

from datetime import UTC, datetime

import pytest

from service.config.layout import CameraLayout
from service.domain.camera_news import CameraKey
from service.storage.layout_store import REVISION_S, LayoutStore
from tests.service.camera_samples import layout, news
from tests.service.conftest import draw_scene

CAMERA = "/api/v1/cameras/s-01/s-01-gate"
AT = {"captured_at": "2025-06-01T04:00:00Z"}


@pytest.fixture
def told(api):
    assert api.request("PUT", CAMERA, json=news()).status_code == 204
    return api


def put_picture(api, content, **params):
    return api.request("PUT", f"{CAMERA}/picture", content=content, params={**AT, **params})


def test_a_camera_that_was_told_about_is_listed_with_its_picture_s_time(told):
    (before,) = told.get("/api/v1/cameras").json()
    assert before["picture_at"] is None
    assert before["news"]["camera_name"] == "东门出口"
    assert put_picture(told, draw_scene()).status_code == 204
    (after,) = told.get("/api/v1/cameras").json()
    assert after["picture_at"] == AT["captured_at"]


def test_the_newest_picture_is_given_back_and_not_sent_twice(told):
    jpeg = draw_scene()
    put_picture(told, jpeg)
    answer = told.get(f"{CAMERA}/picture")
    assert (answer.content, answer.headers["content-type"]) == (jpeg, "image/jpeg")
    again = told.get(f"{CAMERA}/picture", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    small = told.get(f"{CAMERA}/picture", params={"size": "small"})
    assert len(small.content) < len(jpeg)


def test_a_picture_s_size_is_that_of_the_whole_picture(told, app):
    put_picture(told, draw_scene(1280, 720))
    (camera,) = app.state.cameras.all()
    assert (camera.picture.width, camera.picture.height) == (1280, 720)


def test_an_older_picture_does_not_replace_a_newer_one(told):
    newest = draw_scene()
    put_picture(told, newest)
    assert put_picture(told, draw_scene(hue=1), captured_at="2025-06-01T03:59:00Z").status_code == 204
    assert told.get(f"{CAMERA}/picture").content == newest


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", b"\xff\xd8\xff no picture", draw_scene()[:2000], draw_scene()[:-500]]
)
def test_what_is_no_jpeg_is_refused(told, content):
    assert put_picture(told, content).status_code == 415
    assert told.get(f"{CAMERA}/picture").status_code == 404


def test_a_picture_that_is_too_large_is_refused(told):
    assert put_picture(told, draw_scene() + bytes(2 << 20)).status_code == 413


def test_a_picture_of_a_camera_that_nobody_told_about_is_refused(api):
    assert put_picture(api, draw_scene()).status_code == 404


def test_news_with_zones_that_cross_themselves_are_refused(api):
    crossed = layout(yard=[[0, 0], [1, 1], [1, 0], [0, 1]])
    assert api.request("PUT", CAMERA, json=news(layout=crossed)).status_code == 422


def items(*names, **changes):
    return {"items": [{"site_id": "s-01", "camera_id": name, "news": news(**changes)} for name in names]}


def test_an_edge_tells_about_all_its_cameras_in_one_request(api):
    assert api.request("POST", "/api/v1/cameras", json=items("b", "a", state="connecting")).status_code == 204
    body = items("a", "c", "c")
    body["items"][-1]["news"]["camera_name"] = "西门"
    assert api.request("POST", "/api/v1/cameras", json=body).status_code == 204
    told = {each["camera_id"]: each["news"] for each in api.get("/api/v1/cameras").json()}
    assert {name: each["state"] for name, each in told.items()} == {"a": "live", "b": "connecting", "c": "live"}
    assert told["c"]["camera_name"] == "西门"


def test_of_cameras_one_of_which_is_refused_none_is_told(api):
    body = items("a", "b")
    body["items"][1]["news"]["state"] = "asleep"
    for refused in (body, {"items": []}, items(*(f"c-{number}" for number in range(101)))):
        assert api.request("POST", "/api/v1/cameras", json=refused).status_code == 422
    assert api.get("/api/v1/cameras").json() == []


def test_an_edge_is_told_the_newest_layout_once(api):
    asked = {"camera_id": ["s-01-gate", "other"]}
    assert api.get("/api/v1/camera-layouts", params=asked).json() == {"items": []}
    for number in (1, 2):
        body = {"layout": layout(), "by": "王工", "note": f"第{number}版", "after": number - 1}
        assert api.post(f"{CAMERA}/layouts", json=body).json()["version"] == number
    answer = api.get("/api/v1/camera-layouts", params=asked)
    (item,) = answer.json()["items"]
    assert (item["site_id"], item["camera_id"], item["version"]) == ("s-01", "s-01-gate", 2)
    again = api.get("/api/v1/camera-layouts", params=asked, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert [each["note"] for each in api.get(f"{CAMERA}/layouts").json()] == ["第2版", "第1版"]


def test_while_nothing_was_saved_an_edge_is_answered_without_reading_layouts(api, app, monkeypatch):
    asked = {"camera_id": ["s-01-gate"]}
    assert api.post(f"{CAMERA}/layouts", json={"layout": layout(), "after": 0}).status_code == 201
    tag = api.get("/api/v1/camera-layouts", params=asked).headers["etag"]
    with monkeypatch.context() as patched:
        patched.setattr(LayoutStore, "newest", lambda *_: pytest.fail("the layouts were read"))
        again = api.get("/api/v1/camera-layouts", params=asked, headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["etag"]) == (304, tag)
    other = api.get("/api/v1/camera-layouts", params={"camera_id": ["other"]}, headers={"If-None-Match": tag})
    assert (other.status_code, other.json()) == (200, {"items": []})
    assert api.post(f"{CAMERA}/layouts", json={"layout": layout(), "after": 1}).status_code == 201
    assert api.get("/api/v1/camera-layouts", params=asked, headers={"If-None-Match": tag}).status_code == 200


def test_a_layout_of_another_camera_makes_no_answer_longer(api):
    asked = {"camera_id": ["s-01-gate"]}
    tag = api.get("/api/v1/camera-layouts", params=asked).headers["etag"]
    other = CAMERA.replace("s-01-gate", "s-01-yard")
    assert api.post(f"{other}/layouts", json={"layout": layout(), "after": 0}).status_code == 201
    again = api.get("/api/v1/camera-layouts", params=asked, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["etag"] != tag


def test_a_layout_saved_by_another_process_is_told_after_a_moment(engine):
    now = [0.0]
    ours, theirs = LayoutStore(engine, lambda: now[0]), LayoutStore(engine)
    before = ours.revision()
    key = CameraKey(site_id="s-01", camera_id="s-01-gate")
    theirs.save(key, CameraLayout(), by="", note="", at=datetime.now(UTC))
    assert ours.revision() == before
    now[0] = REVISION_S
    assert ours.revision() != before


def test_a_layout_drawn_from_an_older_version_is_refused(api):
    body = {"layout": layout(), "after": 0}
    assert api.post(f"{CAMERA}/layouts", json=body).status_code == 201
    assert api.post(f"{CAMERA}/layouts", json=body).status_code == 412


def test_a_camera_is_wanted_while_somebody_looks(api, app):
    assert api.get("/api/v1/cameras/wanted").json() == {"items": [], "ask_again_s": 2.0}
    app.state.live.look(CameraKey(site_id="s-01", camera_id="s-01-gate"), datetime.now(UTC))
    assert api.get("/api/v1/cameras/wanted").json()["items"] == [{"site_id": "s-01", "camera_id": "s-01-gate"}]
