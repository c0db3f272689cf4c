"""Evidence packages made of drawn shapes, and a service to post them to."""

import asyncio
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image, ImageDraw
from sqlalchemy import Engine
from structlog.testing import capture_logs

from service.accounts import passwords
from service.api.app import create_app
from service.domain.cases import Case, CaseState, EvidenceItem, Finding
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.evidence_bucket import open_evidence
from service.storage.evidence_folder import EvidenceFolder
from tests.conftest import free_port
from tests.service.guarded_queue import running_queue
from tests.service.postgresql_server import PostgresqlServer, run_server
from tests.service.s3_server import S3Server, run_s3_server

SHANGHAI = timezone(timedelta(hours=8))
REPOSITORY = Path(__file__).parents[2]
SERVER = """
import sys, uvicorn
from pathlib import Path
from service.api.app import create_app
root = Path(sys.argv[1])
app = create_app(f"sqlite:///{root}/cases.db", root / "evidence", is_open=True)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", timeout_graceful_shutdown=2)
"""
PASSWORD = "correct horse battery"
NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class SamplePackage:
    """What an edge would post; change a part with `dataclasses.replace` or `with_manifest`."""

    manifest: dict[str, Any]
    files: dict[str, bytes]
    manifest_bytes: bytes
    seal: bytes

    @property
    def key(self) -> str:
        return str(self.manifest["key"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Idempotency-Key": self.key}

    def parts(self) -> list[tuple[str, tuple[str, bytes, str]]]:
        return [
            ("manifest", ("manifest.json", self.manifest_bytes, "application/json")),
            ("seal", ("manifest.sha256", self.seal, "text/plain")),
            *(("files", (name, content, "application/octet-stream")) for name, content in self.files.items()),
        ]

    def with_manifest(self, **changes: Any) -> "SamplePackage":
        return seal_package({**self.manifest, **changes}, self.files)

    def with_file(self, name: str, content: bytes) -> "SamplePackage":
        return replace(self, files={**self.files, name: content})


def seal_package(manifest: dict[str, Any], files: dict[str, bytes]) -> SamplePackage:
    content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    seal = f"{hashlib.sha256(content).hexdigest()}  manifest.json\n".encode()
    return SamplePackage(manifest, files, content, seal)


def draw_scene(width: int = 1280, height: int = 720, *, box: bool = False, hue: int = 0) -> bytes:
    """A truck of rectangles at a gate, as JPEG."""
    picture = Image.new("RGB", (width, height), (168, 186, 205))
    draw = ImageDraw.Draw(picture)
    u, v = width / 16, height / 9
    draw.rectangle((0, v * 4.6, width, height), fill=(128, 112, 92))
    draw.rectangle((0, v * 3.2, u * 4.2, v * 4.8), fill=(70, 130, 96))
    draw.rectangle((u * 12.4, v * 3.2, width, v * 4.8), fill=(70, 130, 96))
    draw.polygon([(u * 5, height), (u * 11.5, height), (u * 9.4, v * 4.6), (u * 7, v * 4.6)], fill=(104, 100, 96))
    body = ((200, 120, 40), (60, 100, 170), (170, 60, 60))[hue % 3]
    draw.rectangle((u * 5.4, v * 2.6, u * 9.2, v * 5.4), fill=body)
    draw.rectangle((u * 9.2, v * 3.4, u * 11, v * 5.4), fill=(225, 225, 220))
    draw.rectangle((u * 9.7, v * 3.7, u * 10.8, v * 4.4), fill=(80, 110, 130))
    for x in (6.2, 8.2, 10.2):
        draw.ellipse((u * (x - 0.5), v * 5, u * (x + 0.5), v * 5.95), fill=(40, 38, 36))
    if box:
        draw.rectangle((u * 5.2, v * 2.4, u * 11.2, v * 6.1), outline=(255, 64, 64), width=max(2, width // 250))
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=85)
    return jpeg.getvalue()


def encode_clip(seconds: float = 2.0, rate: int = 10, width: int = 320, height: int = 176) -> bytes:
    """A block that drives from left to right, as H.264 in MP4."""
    mp4 = io.BytesIO()
    with av.open(mp4, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        frames = int(seconds * rate)
        for number in range(frames):
            pixels = np.full((height, width, 3), (168, 186, 205), np.uint8)
            pixels[height // 2 :] = (128, 112, 92)
            left = (width - 80) * number // max(1, frames - 1)
            pixels[60:110, left : left + 80] = (200, 120, 40)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return mp4.getvalue()


@pytest.fixture(scope="session")
def media() -> dict[str, bytes]:
    return {"clean.jpg": draw_scene(), "annotated.jpg": draw_scene(box=True), "clip.mp4": encode_clip()}


@pytest.fixture(scope="session")
def make_package(media: dict[str, bytes]) -> Callable[..., SamplePackage]:
    """Return a maker of packages: `make_package(site_name=..., minutes=...)`, each with a key of its own."""

    def make(*, minutes: float = 0, files: dict[str, bytes] | None = None, **place: str) -> SamplePackage:
        files = files or media
        at = NOON + timedelta(minutes=minutes)
        roles = {"clean.jpg": "clean", "annotated.jpg": "annotated", "clip.mp4": "clip", "before.jpg": "before"}
        listed = [
            {
                "name": name,
                "role": roles[name],
                "media_type": "video/mp4" if name.endswith("mp4") else "image/jpeg",
                "size_bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in files.items()
        ]
        manifest = {
            "schema_version": 1,
            "key": str(uuid.uuid4()),
            "rule": "unwashed_truck",
            "place": {
                "site_id": "s-01",
                "site_name": "滨江一号地块",
                "camera_id": "s-01-gate",
                "camera_name": "东门出口",
                **place,
            },
            "opened_at": at.isoformat(),
            "local_time": at.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(),
            "timezone": "Asia/Shanghai",
            "clock": "arrival",
            "track_id": 7,
            "bbox_xyxy": [0.32, 0.27, 0.7, 0.68],
            "zones": {"wash_bay": [[0.1, 0.5], [0.4, 0.5], [0.4, 0.9], [0.1, 0.9]]},
            "parameters": {"min_wash_seconds": 30.0},
            "measures": {"wash_seconds": 4.2, "speed_kmh": 11.0},
            "picture_size": [1280, 720],
            "clip": {
                "starts_at": (at - timedelta(seconds=10)).isoformat(),
                "ends_at": (at + timedelta(seconds=5)).isoformat(),
                "complete": True,
            },
            "model": {"name": "site-n", "sha256": "0" * 64},
            "software": "dustwatch 0.1.0",
            "files": listed,
        }
        return seal_package(manifest, files)

    return make


@pytest.fixture
def make_later(make_package: Callable[..., SamplePackage]) -> Callable[..., SamplePackage]:
    """Return a maker of later pictures: `make_later(first, 2, stage="ended", minutes=60)`."""

    def make(first: SamplePackage, number: int = 1, *, stage: str = "lasting", minutes: float = 60) -> SamplePackage:
        files = {name: content for name, content in first.files.items() if name != "clip.mp4"}
        key = str(uuid.uuid5(uuid.UUID(first.key), str(number)))
        follows = {"key": first.key, "number": number, "stage": stage}
        return make_package(minutes=minutes, files=files).with_manifest(key=key, clip=None, follows=follows)

    return make


@pytest.fixture(autouse=True)
def quiet_logs() -> Iterator[None]:
    """Keep the log out of the tests' output; printing traces with colours takes seconds."""
    with capture_logs():
        yield


@pytest.fixture
def package(make_package: Callable[..., SamplePackage]) -> SamplePackage:
    return make_package()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, is_open=True)
    yield app
    app.state.store.close()


@pytest.fixture
def evidence_root(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def api(app: FastAPI) -> "Api":
    return Api(app)


class Api:
    """Calls the app without a socket; each call is one request."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                return await client.request(method, url, **options)

        return asyncio.run(call())

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def hand_in(self, package: SamplePackage, **options: Any) -> httpx.Response:
        return self.post("/api/violations", files=package.parts(), headers=package.headers, **options)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of `PASSWORD`, which takes a while to make."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[Path], str]]:
    """Return a starter of a real server with the pages: `serve(folder)` returns its address; ends with the module."""
    processes = []

    def start(folder: Path) -> str:
        port = free_port()
        command = [sys.executable, "-c", SERVER, str(folder), str(port)]
        process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
        processes.append(process)
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 180  # a busy machine loads the pages slowly
        while time.monotonic() < deadline:
            assert process.poll() is None, "the server ended"
            try:
                if httpx.get(f"{address}/healthz").status_code == 200:
                    return address
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError("the server did not start within three minutes")

    yield start
    for process in processes:
        process.terminate()
        process.wait(20)


@pytest.fixture
def guarded_queue(tmp_path: Path) -> Iterator[str]:
    """The address of a queue with accounts, on a real socket; its data is in `tmp_path / "service"`."""
    with running_queue(tmp_path / "service", SERVER.replace(", is_open=True", ", pages=False")) as address:
        yield address


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL server; skips where none is installed."""
    with run_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deeper/still/cases.db"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the newest tables, of both kinds."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(database_url: str) -> Iterator[CaseStore]:
    store = CaseStore(open_database(database_url))
    yield store
    store.close()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """A real S3 server over HTTP."""
    with run_s3_server() as server:
        yield server


@pytest.fixture
def bucket_url(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket, with the credentials in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "only-for-tests")
    return s3.new_bucket()


@pytest.fixture(params=["folder", "bucket"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> EvidenceFolder:
    """Where evidence is kept: each test that asks for it runs on a folder, and on a bucket with its copies."""
    url = request.getfixturevalue("bucket_url") if request.param == "bucket" else None
    return open_evidence(tmp_path / "packages", url)


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    def make(**changes: Any) -> Finding:
        key = str(uuid.uuid4())
        finding = Finding(
            key=key,
            rule="unwashed_truck",
            site_id="s-01",
            site_name="滨江一号地块",
            camera_id="s-01-gate",
            camera_name="东门出口",
            opened_at=NOON,
            received_at=NOON + timedelta(seconds=20),
            measures={"wash_seconds": 4.2},
            evidence=(EvidenceItem("clean.jpg", "clean", "image/jpeg", 3, "0" * 64),),
            folder=key,
            manifest_sha256="1" * 64,
        )
        return replace(finding, **changes)

    return make


@pytest.fixture
def make_case(make_finding: Callable[..., Finding]) -> Callable[..., Case]:
    def make(state: CaseState = CaseState.FOUND, **changes: Any) -> Case:
        finding = make_finding(**changes)
        return Case(**vars(finding), id=1, state=state)

    return make
