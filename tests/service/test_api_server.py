"""The whole service over a real socket: what only a server shows."""

import socket
import threading

import httpx
import pytest

from service.api.upload import BODY_BYTES


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def address(serve, root):
    return serve(root)


def test_packages_problems_and_pages_share_one_server(address, package):
    posted = httpx.post(f"{address}/api/violations", files=package.parts(), headers=package.headers)
    assert posted.status_code == 201
    again = httpx.post(f"{address}/api/violations", files=package.parts(), headers=package.headers)
    assert (again.status_code, again.json()) == (200, posted.json())

    part = httpx.get(address + posted.json()["evidence"][2]["url"], headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")

    for path in ("/", "/en"):
        page = httpx.get(f"{address}{path}")
        assert page.headers["content-type"].startswith("text/html")
        assert "//cdn" not in page.text

    for method, path, status in (
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/cases/1", 405),
        ("GET", "/api/violations", 405),
    ):
        answer = httpx.request(method, f"{address}{path}")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
    assert httpx.get(f"{address}/api/violations").headers["allow"] == "POST"

    head = f"POST /api/violations HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY_BYTES + 1}\r\n"
    assert b" 413 " in send(address, f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n")


def test_a_sender_that_hangs_up_leaves_nothing(address, package, root):
    request = httpx.Request("POST", f"{address}/api/violations", files=package.parts(), headers=package.headers)
    body = request.read()
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    send(address, f"POST /api/violations HTTP/1.1\r\n{head}\r\n".encode() + body[: len(body) // 2], wait=False)
    keys = [case["key"] for case in httpx.get(f"{address}/api/cases").json()["items"]]
    assert package.key not in keys
    assert not (root / "evidence" / package.key).exists()
    assert list((root / "evidence" / ".incoming").iterdir()) == []


def test_two_senders_at_once_make_one_case(address, package):
    codes = []

    def post():
        codes.append(
            httpx.post(f"{address}/api/violations", files=package.parts(), headers=package.headers).status_code
        )

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 200, 200, 201]


def send(address, data, *, wait=True):
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data.encode() if isinstance(data, str) else data)
        return connection.recv(4096) if wait else b""
