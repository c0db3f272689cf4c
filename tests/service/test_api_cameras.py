"""Cameras' news, newest pictures and layouts over the API."""

import pytest

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


def test_a_layout_drawn_from_an_older_version_is_refused(api):
    body = {"layout": layout(), "after": 0}
    assert api.post(f"{CAMERA}/layouts", json=body).status_code == 201
    assert api.post(f"{CAMERA}/layouts", json=body).status_code == 412


def test_a_camera_is_wanted_while_somebody_looks(api, app):
    from datetime import UTC, datetime

    from service.domain.camera_news import CameraKey

    assert api.get("/api/v1/cameras/wanted").json() == {"items": []}
    app.state.live.look(CameraKey(site_id="s-01", camera_id="s-01-gate"), datetime.now(UTC))
    assert api.get("/api/v1/cameras/wanted").json()["items"] == [{"site_id": "s-01", "camera_id": "s-01-gate"}]
