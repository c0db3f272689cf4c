"""Asks the case queue now and then what the edge's cameras are to look back at."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import httpx
import structlog
from pydantic import ValidationError

from service.delivery.sending import authorization
from vision.look_back import LookBackOrder

log = structlog.get_logger(__name__)

EVERY_S = 60.0
JITTER = 0.2
"""Share of the wait by which it is shorter or longer, so that edges do not ask all at once."""
AT_ONCE = 50
"""Cameras in one question; its address has to stay short."""

Orders = Mapping[str, Sequence[LookBackOrder]]


class LookBackPoller:
    """A thread that asks, and hands over what is asked for by camera. While the queue is away, all stays as it was."""

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
        self._every_s = every_s
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask_for_ever, name="look-backs", daemon=True)
        self._is_away = False

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; waits that long at most."""
        self._stopping.set()
        self._thread.join(last_try_s)
        self._client.close()

    def ask(self) -> bool:
        """Ask once and hand over the answer; tell whether there was one."""
        cameras = list(self._cameras())
        orders: defaultdict[str, list[LookBackOrder]] = defaultdict(list)
        try:
            for first in range(0, len(cameras), AT_ONCE):
                for order in self._asked_of(cameras[first : first + AT_ONCE]):
                    orders[order.camera_id].append(order)
        except (httpx.HTTPError, ValidationError, ValueError) as error:
            if not self._is_away:  # once, not every minute
                log.warning("look_backs.unknown", problem=type(error).__name__)
            self._is_away = True
            return False
        self._is_away = False
        self._hand_over(orders)
        return True

    def _asked_of(self, cameras: Sequence[str]) -> list[LookBackOrder]:
        answer = self._client.get("/api/v1/look-backs", params={"camera_id": list(cameras)})
        answer.raise_for_status()
        return [LookBackOrder.model_validate(item) for item in answer.json()["items"]]

    def _ask_for_ever(self) -> None:
        while not self._stopping.is_set():
            try:
                self.ask()
            except Exception:
                log.exception("look_backs.failed")
            self._stopping.wait(self._every_s * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - no secret
