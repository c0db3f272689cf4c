"""Asks the case queue now and then how often the office wants the edge's sites to be looked at."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field

from service.delivery.queue_poller import QueuePoller


class ToldInterval(BaseModel):
    """What is used of the queue's answer for one site; seconds."""

    site_id: str
    interval_s: Annotated[float, Field(ge=0.2, le=3600)]


class IntervalPoller(QueuePoller[Mapping[str, float]]):
    """Hands over the seconds by site."""

    NAME = "intervals"
    EVERY_S = 30.0

    def _ask(self) -> None:
        told: dict[str, float] = {}
        portions = self._portions()
        for sites in portions:
            answer = self._client.get("/api/v1/inspection-intervals", params={"site_id": list(sites)})
            answer.raise_for_status()
            items = [ToldInterval.model_validate(item) for item in answer.json()["items"]]
            told |= {each.site_id: each.interval_s for each in items}
        if portions:  # an edge of a cluster may have no camera for a while
            self._hand_over(told)
