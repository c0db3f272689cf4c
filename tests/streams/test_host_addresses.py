"""No camera is looked for where machines ask their cloud for credentials."""

import socket

import pytest

from streams.addresses import VideoSource
from streams.errors import ForbiddenAddress
from streams.host_addresses import forbidden_camera_address
from streams.sources import OpenVideo


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "100.100.100.200",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fe80::1",
        "224.0.0.1",
        "0.0.0.0",
    ],
)
def test_metadata_and_link_local_addresses_are_refused(host: str) -> None:
    assert forbidden_camera_address(host) is not None


@pytest.mark.parametrize("host", ["10.0.0.3", "192.168.1.64", "127.0.0.1", "fd12::3", "8.8.8.8"])
def test_addresses_where_cameras_live_are_taken(host: str) -> None:
    assert forbidden_camera_address(host) is None


def test_a_number_that_hides_the_address_is_seen_through() -> None:
    assert forbidden_camera_address("2852039166") == "169.254.169.254"


def test_a_name_is_refused_if_any_of_its_addresses_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, 0)) for text in ("10.0.0.3", "169.254.169.254")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert forbidden_camera_address("camera.example") == "169.254.169.254"


@pytest.mark.parametrize("address", ["rtsp://u:pw@169.254.169.254:80/x", "rtsps://[::ffff:169.254.169.254]/x"])
def test_a_camera_there_is_not_connected_to(address: str) -> None:
    with pytest.raises(ForbiddenAddress) as caught:
        OpenVideo(VideoSource(address, timeout_s=2.0))
    assert "pw" not in str(caught.value)
