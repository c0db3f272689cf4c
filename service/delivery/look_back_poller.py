"""Asks the case queue now and then what the edge's cameras are to look back at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from service.delivery.queue_poller import QueuePoller
from vision.look_back import LookBackOrder

Orders = Mapping[str, Sequence[LookBackOrder]]


class LookBackPoller(QueuePoller[Orders]):
    """Hands over what is asked for, by camera."""

    NAME = "look-backs"
    EVERY_S = 60.0

    def _ask(self) -> None:
        orders: defaultdict[str, list[LookBackOrder]] = defaultdict(list)
        for cameras in self._portions():
            answer = self._client.get("/api/v1/look-backs", params={"camera_id": list(cameras)})
            answer.raise_for_status()
            for order in (LookBackOrder.model_validate(item) for item in answer.json()["items"]):
                orders[order.camera_id].append(order)
        self._hand_over(orders)
