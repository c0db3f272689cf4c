"""Prometheus metrics of the service: whether its parts work, its cases, notices and requests."""

import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from service.api.request_metrics import RequestFigures
from service.domain.cases import CaseState
from service.errors import ServiceError
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.notice_store import NoticeStore

COUNTED_EVERY_S = 60.0
"""Counting a million cases takes a while; whoever asks in between is told the last figures."""


class QueueCollector(Collector):
    """Asks the parts whenever somebody asks for the metrics; a database that does not answer costs its own figures."""

    def __init__(
        self,
        store: CaseStore,
        evidence: EvidenceFolder,
        notices: NoticeStore,
        requests: RequestFigures,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._evidence, self._notices, self._requests = store, evidence, notices, requests
        self._monotonic = monotonic
        self._cases: Mapping[CaseState, int] = {}
        self._given_up = 0
        self._counted_at: float | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield every metric, one family a name."""
        is_up = self._count()
        yield InfoMetricFamily("dustwatch_build", "The running version.", {"version": version("dustwatch")})
        yield GaugeMetricFamily("dustwatch_database_up", "1 while the database answers.", value=is_up)
        yield GaugeMetricFamily(
            "dustwatch_evidence_writable", "1 while evidence can be stored.", value=self._evidence.is_writable()
        )
        yield GaugeMetricFamily(
            "dustwatch_evidence_room", "1 while the disk has room for more.", value=self._evidence.has_room()
        )
        cases = GaugeMetricFamily("dustwatch_cases", "Cases by their state.", labels=("state",))
        for state in CaseState:
            if self._counted_at is not None:
                cases.add_metric((state.value,), self._cases.get(state, 0))
        yield cases
        yield GaugeMetricFamily("dustwatch_notices_given_up", "Notices given up lately.", value=self._given_up)
        yield from self._requests.collect()

    def _count(self) -> bool:
        """Count again where it is time to, and return whether the database answers."""
        now = self._monotonic()
        try:
            self._store.check()
            if self._counted_at is None or now - self._counted_at >= COUNTED_EVERY_S:
                self._cases, self._given_up = self._store.counts(), len(self._notices.given_up())
                self._counted_at = now
        except (SQLAlchemyError, ServiceError):
            return False
        return True
