"""Asks the case queue for cameras' leases, and takes there and fetches what their watches remember."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from service.api.camera_leases import KeptJson, LeaseJson, LeasesJson
from service.delivery.sending import authorization

AT_ONCE = 500
"""Cameras in one request."""


@dataclass(frozen=True)
class Answer:
    """The leases that stand, and the number of the queue's newest case then."""

    leases: tuple[LeaseJson, ...]
    newest_case: int


class QueueLeases:
    """One holder's way to its leases. Every method raises httpx.HTTPError where the queue does not answer as it should.

    Safe to call from several threads.
    """

    def __init__(self, queue: str, holder: str, *, token: str = "", lasts_s: float, timeout_s: float) -> None:
        """`holder` names the data folder, `token` lets the edge in; leases are asked for `lasts_s` seconds."""
        self._holder = holder
        self._lasts_s = lasts_s
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))

    def take(self, cameras: Sequence[str]) -> Answer:
        """Ask for cameras, or renew."""
        leases: list[LeaseJson] = []
        newest: int | None = None
        for first in range(0, len(cameras), AT_ONCE):
            body = self._of(cameras[first : first + AT_ONCE]) | {"lasts_s": self._lasts_s}
            answer = self._client.post("/api/v1/camera-leases", json=body).raise_for_status()
            told = LeasesJson.model_validate_json(answer.content)
            leases += told.items
            newest = told.newest_case if newest is None else min(newest, told.newest_case)
        return Answer(tuple(leases), newest or 0)

    def release(self, cameras: Sequence[str]) -> None:
        """Give cameras up."""
        self._client.post("/api/v1/camera-leases/release", json=self._of(cameras)).raise_for_status()

    def kept(self, camera: str) -> KeptJson:
        """Return what the new owner of a camera goes on from."""
        answer = self._client.get(f"/api/v1/camera-memories/{camera}").raise_for_status()
        return KeptJson.model_validate_json(answer.content)

    def keep(self, camera: str, token: int, memory: str, since_case: int) -> None:
        """Take there what a camera's watch remembers."""
        body = {"token": token, "memory": memory, "since_case": since_case}
        self._client.put(f"/api/v1/camera-memories/{camera}", json=body).raise_for_status()

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _of(self, cameras: Sequence[str]) -> dict[str, object]:
        return {"holder": self._holder, "camera_ids": list(cameras)}
