"""Asks the case queue now and then how often the office wants the edge's sites to be looked at."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import httpx
from pydantic import BaseModel, Field

from service.delivery.sending import authorization
from service.delivery.turns import TurnsAtQueue

EVERY_S = 30.0
AT_ONCE = 50
"""Sites in one question; its address has to stay short."""


class ToldInterval(BaseModel):
    """What is used of the queue's answer for one site; seconds."""

    site_id: str
    interval_s: Annotated[float, Field(ge=0.2, le=3600)]


class IntervalPoller:
    """Asks, and hands over the seconds by site. While the queue is away, all stays as it was."""

    def __init__(
        self,
        queue: str,
        sites: Callable[[], Sequence[str]],
        hand_over: Callable[[Mapping[str, float]], None],
        *,
        token: str = "",
        every_s: float = EVERY_S,
        timeout_s: float = 30.0,
    ) -> None:
        """`sites` gives the ids of the sites to ask for; `token` lets the edge in, empty where none is asked."""
        self._sites = sites
        self._hand_over = hand_over
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._turns = TurnsAtQueue("intervals", self._ask, every_s)

    def start(self) -> None:
        """Begin to ask."""
        self._turns.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; waits that long at most."""
        self._turns.stop(last_try_s)
        self._client.close()

    def ask(self) -> bool:
        """Ask once and hand over the answer; tell whether there was one."""
        return self._turns.take()

    def _ask(self) -> None:
        sites = list(self._sites())
        told: dict[str, float] = {}
        for first in range(0, len(sites), AT_ONCE):
            answer = self._client.get(
                "/api/v1/inspection-intervals", params={"site_id": sites[first : first + AT_ONCE]}
            )
            answer.raise_for_status()
            items = [ToldInterval.model_validate(item) for item in answer.json()["items"]]
            told |= {each.site_id: each.interval_s for each in items}
        if sites:  # an edge of a cluster may have no camera for a while
            self._hand_over(told)
