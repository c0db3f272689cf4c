"""Asks the case queue now and then what the edge's cameras are to look back at."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import httpx

from service.delivery.sending import authorization
from service.delivery.turns import TurnsAtQueue
from vision.look_back import LookBackOrder

EVERY_S = 60.0
AT_ONCE = 50
"""Cameras in one question; its address has to stay short."""

Orders = Mapping[str, Sequence[LookBackOrder]]


class LookBackPoller:
    """Asks, and hands over what is asked for by camera. While the queue is away, all stays as it was."""

    def __init__(
        self,
        queue: str,
        cameras: Callable[[], Sequence[str]],
        hand_over: Callable[[Orders], None],
        *,
        token: str = "",
        every_s: float = EVERY_S,
        timeout_s: float = 30.0,
    ) -> None:
        """`cameras` gives the ids of the cameras to ask for; `token` lets the edge in, empty where none is asked."""
        self._cameras = cameras
        self._hand_over = hand_over
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._turns = TurnsAtQueue("look-backs", self._ask, every_s)

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
        cameras = list(self._cameras())
        orders: defaultdict[str, list[LookBackOrder]] = defaultdict(list)
        for first in range(0, len(cameras), AT_ONCE):
            for order in self._asked_of(cameras[first : first + AT_ONCE]):
                orders[order.camera_id].append(order)
        self._hand_over(orders)

    def _asked_of(self, cameras: Sequence[str]) -> list[LookBackOrder]:
        answer = self._client.get("/api/v1/look-backs", params={"camera_id": list(cameras)})
        answer.raise_for_status()
        return [LookBackOrder.model_validate(item) for item in answer.json()["items"]]
