"""What a city's edges and reviewers ask of the service: whole requests, made as the product's own senders make them."""

import hashlib
import io
import json
import random
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.queue.edges import manifest_of
from datasets.stories import FOLDER as STORIES
from service.config.layout import CameraLayout
from service.domain.camera_news import CameraNews
from streams.addresses import VideoSource
from streams.feed import CameraState
from streams.frames import BgrImage, Frame, decode_all
from streams.sources import OpenVideo
from vision.evidence.chain import Head, link_after
from vision.evidence.signature import sign
from vision.shown_picture import ShownPicture
from vision.violations import RuleName

KINDS = (
    *("violation", "news", "picture", "wanted", "layouts", "look_backs", "health"),
    *("lease", "memory", "decision", "list"),
)
BY_PEOPLE = frozenset({"decision", "list"})
BY_CAMERA = frozenset({"news", "lease"})
"""Kinds whose one request is about all cameras of a node, and whose cost is told by camera."""
CAMERAS_A_SITE = 10
CLIP_BYTES = 400_000
"""What a substream's 15 s have at some 0.2 Mbit/s, as the demo's do; a main stream's clip is larger by its bit rate."""
MEMORY_CHARACTERS = 3000
LAYOUT = CameraLayout.model_validate({"zones": {"yard": [[0.2, 0.6], [0.8, 0.6], [0.9, 0.9], [0.1, 0.9]]}})


@dataclass(frozen=True)
class Request:
    """One request, ready to be sent; `reviewer` is the number of whose session it belongs to, None for an edge's."""

    kind: str
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    reviewer: int | None = None
    case: int | None = None


class Traffic:
    """Makes requests by their kind. Cameras take turns, so that all of them are in the database after one round."""

    def __init__(self, cameras: int, cameras_a_node: int, tokens: Sequence[str], reviewers: int, seed: int = 1) -> None:
        self.cameras, self.cameras_a_node, self.cameras_a_site = cameras, cameras_a_node, CAMERAS_A_SITE
        self._tokens = tokens
        self._reviewers = reviewers
        self._draw = random.Random(seed)
        self._key = Ed25519PrivateKey.generate()
        self._heads: dict[str, Head] = {}
        self._tags: dict[str, str] = {}
        self._turns: defaultdict[str, int] = defaultdict(int)
        self.waiting: deque[tuple[int, int]] = deque()
        """Cases that reviewers may take the next step with, and their versions."""
        self._shown, files = pictures()
        self._files = {**files, "clip.mp4": b"\0\0\0\x18ftypisom" + self._draw.randbytes(CLIP_BYTES)}
        self._makers: Mapping[str, Callable[[int], Request]] = {
            "violation": self._violation,
            "news": self._news,
            "picture": self._picture,
            "wanted": lambda number: self._ask("wanted", "/api/v1/cameras/wanted", number),
            "layouts": self._layouts,
            "look_backs": lambda number: self._ask_of_cameras("look_backs", "/api/v1/look-backs", number),
            "health": self._health,
            "lease": self._lease,
            "memory": self._memory,
            "decision": self._decision,
            "list": self._list,
        }

    @property
    def nodes(self) -> int:
        """How many edges there are."""
        return -(-self.cameras // self.cameras_a_node)

    @property
    def clip_bytes(self) -> int:
        """How large the clips are."""
        return len(self._files["clip.mp4"])

    def cameras_a_request(self, kind: str) -> int:
        """Return for how many cameras one request of the kind stands where its cost is told by camera; else 1."""
        return self.cameras_a_node if kind in BY_CAMERA else 1

    def make(self, kind: str) -> Request:
        """Return the next request of the kind."""
        number = self._turns[kind]
        self._turns[kind] += 1
        return self._makers[kind](number)

    def answered(self, request: Request, status: int, headers: Mapping[str, str]) -> None:
        """Learn of an answer: which case was made, that a step was taken, what an edge will ask by."""
        location, tag = headers.get("Location"), headers.get("ETag")
        if request.kind == "layouts" and tag:
            self._tags[request.path] = tag
        if request.kind == "violation" and status == 201 and location:
            self.waiting.append((int(location.rpartition("/")[2]), 0))
        if request.case is not None and status == 200:
            version = int(request.headers["If-Match"].strip('"v'))
            self.waiting.append((request.case, version + 1))

    def _place(self, number: int) -> tuple[str, str]:
        camera = number % self.cameras
        site = camera // CAMERAS_A_SITE
        return f"city-{site}", f"city-{site}-{camera % CAMERAS_A_SITE}"

    def _edge(self, number: int, kind: str = "application/json") -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[number % len(self._tokens)]}", "Content-Type": kind}

    def _node_places(self, number: int) -> list[tuple[str, str]]:
        first = number % self.nodes * self.cameras_a_node
        return [self._place(each) for each in range(first, min(first + self.cameras_a_node, self.cameras))]

    def _node(self, number: int) -> list[str]:
        return [camera for _, camera in self._node_places(number)]

    def _violation(self, number: int) -> Request:
        # Of cameras far apart, so that not all violations are of the first sites.
        site, camera = self._place(number * 7919)
        key = str(uuid.UUID(int=self._draw.getrandbits(128), version=4))
        manifest = manifest_of(key, 0, self._files)
        manifest["place"] = {"site_id": site, "site_name": "工地", "camera_id": camera, "camera_name": "大门"}
        manifest["lease"] = 1  # which is good where there are no leases, too
        manifest["chain"] = link_after(self._heads.get(camera)).model_dump()
        text = json.dumps(manifest, ensure_ascii=False).encode()
        head = Head(camera_id=camera, number=manifest["chain"]["number"], sha256=_sha256(text), package=key)
        self._heads[camera] = head
        parts = {"manifest.json": text, "manifest.signature.json": sign(text, self._key, []).file_bytes, **self._files}
        boundary = f"city{number:016x}"
        headers = self._edge(number, f"multipart/form-data; boundary={boundary}") | {"Idempotency-Key": key}
        return Request("violation", "POST", "/api/violations", _form(parts, boundary), headers)

    def camera_news(self, camera: str) -> CameraNews:
        """Return what an edge tells about one camera."""
        figures = {"zone_bare_soil_share": round(self._draw.random(), 4), "vehicles": 1.0, "looks": 6.0}
        state, watches = CameraState.LIVE, (RuleName.UNCOVERED_SOIL,)
        return CameraNews(
            site_name="工地", camera_name=camera, state=state, watches=watches, figures=figures, layout=LAYOUT
        )

    def _news(self, number: int) -> Request:
        items = [
            {"site_id": site, "camera_id": camera, "news": self.camera_news(camera).model_dump(mode="json")}
            for site, camera in self._node_places(number)
        ]
        return Request("news", "POST", "/api/v1/cameras", json.dumps({"items": items}).encode(), self._edge(number))

    def _picture(self, number: int) -> Request:
        site, camera = self._place(number)
        query = urlencode({"captured_at": datetime.now(UTC).isoformat()})
        path = f"/api/v1/cameras/{site}/{camera}/picture?{query}"
        return Request("picture", "PUT", path, self._shown, self._edge(number, "image/jpeg"))

    def _ask(self, kind: str, path: str, number: int) -> Request:
        return Request(kind, "GET", path, headers=self._edge(number))

    def _ask_of_cameras(self, kind: str, path: str, number: int) -> Request:
        return self._ask(kind, f"{path}?{urlencode([('camera_id', each) for each in self._node(number)])}", number)

    def _layouts(self, number: int) -> Request:
        asked = self._ask_of_cameras("layouts", "/api/v1/camera-layouts", number)
        tag = self._tags.get(asked.path)
        return asked if tag is None else replace(asked, headers={**asked.headers, "If-None-Match": tag})

    def _health(self, number: int) -> Request:
        site, camera = self._place(number * 7919)
        began = datetime.now(UTC) - timedelta(minutes=5)
        key = str(uuid.UUID(int=self._draw.getrandbits(128), version=4))
        report = {
            "key": key,
            "site_id": site,
            "site_name": "工地",
            "camera_id": camera,
            "camera_name": "大门",
            "kind": "black",
            "started_at": began.isoformat(),
            "ended_at": datetime.now(UTC).isoformat(),
            "figures": {"mean_luma": 3.1},
        }
        path = f"/api/v1/health-observations/{key}"
        return Request("health", "PUT", path, json.dumps(report).encode(), self._edge(number))

    def _lease(self, number: int) -> Request:
        body = {"holder": f"node-{number % self.nodes}", "camera_ids": self._node(number), "lasts_s": 10.0}
        return Request("lease", "POST", "/api/v1/camera-leases", json.dumps(body).encode(), self._edge(number))

    def _memory(self, number: int) -> Request:
        body = {"token": 1, "memory": f"{number:0{MEMORY_CHARACTERS}d}", "since_case": 0}
        path = f"/api/v1/camera-memories/{self._place(number)[1]}"
        return Request("memory", "PUT", path, json.dumps(body).encode(), self._edge(number))

    def _decision(self, number: int) -> Request:
        if not self.waiting:
            return self._list(number)
        case, version = self.waiting.popleft()
        step = "undo" if version % 2 else ("confirm", "reject")[number % 2]
        headers = {"Content-Type": "application/json", "If-Match": f'"v{version}"'}
        body = json.dumps({"step": step, "reason": ""}).encode()
        path = f"/api/v1/cases/{case}/steps"
        return Request("decision", "POST", path, body, headers, reviewer=number % self._reviewers, case=case)

    def _list(self, number: int) -> Request:
        path = ("/api/v1/cases?state=found", "/api/v1/cases")[number % 2]
        return Request("list", "GET", path, reviewer=number % self._reviewers)


def pictures() -> tuple[bytes, dict[str, bytes]]:
    """Return the picture of a real camera's size that the camera wall gets, and a package's two pictures."""
    with OpenVideo(VideoSource(str(STORIES / "gate.mp4"))) as video:
        frame = next(iter(decode_all(video.packets())))
    small = np.asarray(frame.image, np.uint8)
    large = cv2.resize(small, (1280, 720))
    noise = np.random.default_rng(1).normal(0, 4, large.shape)
    noisy = (large + noise).clip(0, 255).astype(np.uint8)
    shown = ShownPicture()
    shown.see(Frame(noisy, frame.captured_at, is_keyframe=True))
    assert shown.newest is not None
    return shown.newest.jpeg, {"clean.jpg": _jpeg(small), "annotated.jpg": _jpeg(small)}


def _jpeg(image: BgrImage) -> bytes:
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _form(parts: Mapping[str, bytes], boundary: str) -> bytes:
    form = io.BytesIO()
    names = {"manifest.json": "manifest", "manifest.signature.json": "seal"}
    for file, content in parts.items():
        name = names.get(file, "files")
        form.write(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'.encode())
        form.write(b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    form.write(f"--{boundary}--\r\n".encode())
    return form.getvalue()
