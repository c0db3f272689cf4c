"""Real receivers of notices, each on a port of its own: a web server, a mail server, an MQTT broker."""

import json
import shutil
import socketserver
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.conftest import free_port, wait_for_port, wait_until


@dataclass(frozen=True)
class Request:
    """What was posted."""

    path: str
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebReceiver:
    """What the server got, and what it answers."""

    port: int
    requests: list[Request] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"errcode": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def use_tls(self, certificate: Path, key: Path) -> None:
        """Speak TLS from now on."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)


@contextmanager
def run_web_receiver(port: int | None = None) -> Iterator[WebReceiver]:
    """Run a web server that takes what is posted."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append(Request(self.path, self.headers, body))
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port or 0), Handler)
    server.daemon_threads = True
    receiver = WebReceiver(server.server_address[1], server=server)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def run_silent_receiver() -> Iterator[int]:
    """Run a server that takes connections and never answers; give its port."""
    gone = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            gone.wait(30)

    socketserver.ThreadingTCPServer.daemon_threads = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        gone.set()
        server.shutdown()
        server.server_close()


@dataclass
class Broker:
    """A running MQTT broker, and what came by it."""

    port: int
    messages: list[tuple[str, Any, int]] = field(default_factory=list)
    """Topic, content, quality of service."""


@contextmanager
def run_broker(user: str | None = None, password: str | None = None) -> Iterator[Broker]:
    """Run Debian's mosquitto, with somebody who listens to everything."""
    program = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
    if program is None:
        pytest.skip("needs Debian's mosquitto")
    broker = Broker(free_port())
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        lines = [f"listener {broker.port} 127.0.0.1", f"allow_anonymous {str(user is None).lower()}"]
        if user is not None:
            passwords = Path(folder) / "passwords"
            subprocess.run(
                ["mosquitto_passwd", "-c", "-b", str(passwords), user, str(password)], check=True, capture_output=True
            )
            passwords.chmod(0o644)
            lines.append(f"password_file {passwords}")
        settings = Path(folder) / "mosquitto.conf"
        settings.write_text("\n".join(lines) + "\n")
        process = subprocess.Popen([program, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for_port(broker.port)
            with _listening(broker, user, password):
                yield broker
        finally:
            process.kill()
            process.wait()


@contextmanager
def _listening(broker: Broker, user: str | None, password: str | None) -> Iterator[None]:
    ready = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2)
    if user is not None:
        client.username_pw_set(user, password)
    client.on_connect = lambda *_: client.subscribe("#", qos=1)
    client.on_subscribe = lambda *_: ready.set()
    client.on_message = lambda _client, _data, message: broker.messages.append(
        (message.topic, json.loads(message.payload), message.qos)
    )
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    wait_until(ready.is_set, 30, "the listener is at the broker")
    try:
        yield
    finally:
        client.disconnect()
        client.loop_stop()
