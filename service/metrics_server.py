"""Serves Prometheus metrics on an address of their own, which nobody is asked for a password at."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, start_http_server
from prometheus_client.registry import Collector

from service.errors import ServiceError


class MetricsAddressTaken(ServiceError):
    """Nothing can listen at the address."""

    template = "metrics can't be served at {address}: {detail}; set another address under metrics"


@contextmanager
def collector_served(address: tuple[str, int] | None, collector: Collector) -> Iterator[None]:
    """Answer at http://HOST:PORT/metrics while the block runs; without an address, do nothing.

    Raises MetricsAddressTaken.
    """
    if address is None:
        yield
        return
    host, port = address
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(collector)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise MetricsAddressTaken(address=f"{host}:{port}", detail=error.strerror or error) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
