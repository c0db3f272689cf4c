"""Other inspectors: clients that speak the page's socket as a browser does, load its pictures, and decide in turn."""

import asyncio
import html
import json
import random
import re
import sys
import time
import uuid
from typing import Any

import aiohttp
import socketio  # type: ignore[import-untyped]

DECIDES_EACH_S = 2.0
"""How often each of them decides, in the mean."""
GIVE_UP_S = 10.0
_ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
_CLIENT = re.compile(r"""['\"]client_id['\"]: *['\"]([^'\"]+)""")


class OtherInspector:
    """One open page without a browser."""

    def __init__(self, address: str, number: int) -> None:
        self._address = address
        self._draw = random.Random(number)
        self._socket = socketio.AsyncClient()
        self._shown: dict[str, Any] = {}
        self._moved = asyncio.Event()
        self.took_ms: list[float] = []
        self.seen: list[int] = []
        self.stuck = 0
        self.lost_lines = 0

    async def work(self, seconds: float) -> None:
        """Decide for a while; times are from sending a key to being told of the next case."""
        async with aiohttp.ClientSession(self._address) as http:
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                await asyncio.sleep(self._draw.uniform(0.5, 1.5) * DECIDES_EACH_S)
                await self._decide()
                for role in ("clean", "annotated"):
                    async with http.get(self._shown[role]) as picture:
                        await picture.read()
        await self._socket.disconnect()

    async def open(self) -> None:
        """Open the page."""
        async with aiohttp.ClientSession(self._address) as http, http.get("/") as answer:
            await self._open(await answer.text())

    async def _open(self, page: str) -> None:
        found, client = _ELEMENTS.search(page), _CLIENT.search(page)
        if found is None or client is None:
            raise RuntimeError("the page is built in another way now")
        elements = json.loads(html.unescape(found[1]))
        self._client = client[1]
        self._stage, stage = next((i, e) for i, e in elements.items() if "shown" in e.get("props", {}))
        self._listener = next(each["listener_id"] for each in stage["events"] if each["type"] == "decide")
        self._shown = stage["props"]["shown"]
        self._told = {"client_id": self._client, "document_id": str(uuid.uuid4()), "tab_id": str(uuid.uuid4())}
        self._next_message = 0
        self._socket.on("*", self._receive)
        path = "/_nicegui_ws/socket.io"
        await self._socket.connect(self._address, socketio_path=path, transports=["websocket"], wait_timeout=30)
        await self._shake_hands()
        self._socket.on("connect", self._come_back)

    async def _shake_hands(self) -> None:
        await self._socket.call("handshake", {**self._told, "old_tab_id": None, "next_message_id": self._next_message})

    async def _come_back(self) -> None:
        # A line that was lost is told anew whose it is, as a browser does; not in the handler, which reads the answers.
        self.lost_lines += 1
        self._coming_back = asyncio.create_task(self._shake_hands())

    async def _receive(self, event: str, message: dict[str, Any]) -> None:
        self._next_message = message.get("_id", 0) + 1
        if event != "update" or not (told := message.get(self._stage)):
            return
        shown = told["props"]["shown"]
        if shown["id"] != self._shown["id"]:
            self._moved.set()
        self._shown = shown

    async def _decide(self) -> None:
        self._moved.clear()
        self.seen.append(self._shown["id"])
        sent = {"case": self._shown["id"], "version": self._shown["version"], "step": "confirm", "reason": ""}
        event = {"id": int(self._stage), "client_id": self._client, "listener_id": self._listener}
        began = time.perf_counter()
        await self._socket.emit("event", {**event, "args": [json.dumps(sent)]})
        try:
            await asyncio.wait_for(self._moved.wait(), GIVE_UP_S)
            self.took_ms.append((time.perf_counter() - began) * 1000)
        except TimeoutError:
            self.stuck += 1
        await self._socket.emit("ack", {"client_id": self._client, "next_message_id": self._next_message})


async def _main(address: str, count: int, seconds: float) -> None:
    inspectors = [OtherInspector(address, number) for number in range(count)]
    for each in inspectors:  # one after the other: opening is not what is measured
        await each.open()
    sys.stdout.write("opened\n")
    sys.stdout.flush()
    await asyncio.gather(*(each.work(seconds) for each in inspectors))
    seen = [case for each in inspectors for case in each.seen]
    stuck, lost = sum(each.stuck for each in inspectors), sum(each.lost_lines for each in inspectors)
    told = {"decided": len(seen), "twice": len(seen) - len(set(seen)), "stuck": stuck, "lost_lines": lost}
    sys.stdout.write(json.dumps({**told, "took_ms": [ms for each in inspectors for ms in each.took_ms]}))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
