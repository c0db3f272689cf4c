"""Sends the traces of violations to an OpenTelemetry collector, where the standard environment variables name one."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.errors import ServiceError
from streams.secrets import mask_secrets
from vision.tracing import Attributes, Timed, listen, number_of

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PREFIX = "dustwatch."


class TelemetryMissing(ServiceError):
    """A collector is named, and the extra is not installed."""

    template = "{variable} is set: traces need OpenTelemetry; pip install 'dustwatch[telemetry]', or unset the variable"


def set_up_traces(name: str, environment: Mapping[str, str] = os.environ) -> None:
    """Begin to send traces as this service name, unless no collector is named or the SDK is turned off.

    What is left is sent when the process ends. Raises TelemetryMissing.
    """
    named = [variable for variable in ENDPOINTS if environment.get(variable)]
    is_off = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if not named or is_off or environment.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower() == "none":
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("opentelemetry"):
            raise
        raise TelemetryMissing(variable=named[0]) from error

    class KeyedIds(RandomIdGenerator):
        """Numbers that are drawn, but for a package's first span."""

        def generate_trace_id(self) -> int:
            return number_of(_key_now()) or super().generate_trace_id()

        def generate_span_id(self) -> int:
            return _first_span_of(key) if (key := _key_now()) else super().generate_span_id()

    own_name = {} if environment.get("OTEL_SERVICE_NAME") else {"service.name": name}
    provider = TracerProvider(resource=Resource.create(own_name), id_generator=KeyedIds(), sampler=ALWAYS_ON)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    listen(Traces(provider))


class Traces:
    """Turns what is told into spans.

    The provider is this one's alone, not the process's: what else is in it that could be traced may tell addresses
    that hold secrets.
    """

    def __init__(self, provider: "TracerProvider") -> None:
        self._tracer = provider.get_tracer("dustwatch")

    def tell(self, key: str, first: Timed, parts: Sequence[Timed], attributes: Attributes) -> None:
        """Take in how a package's trace began."""
        from opentelemetry import context

        told = _told(key, attributes)
        token = context.attach(context.set_value(_KEY, key, context.Context()))
        try:
            root = self._tracer.start_span(first.name, start_time=first.began_ns, attributes=told)
        finally:
            context.detach(token)
        for part in parts:
            within = self._tracer.start_span(part.name, _within(key), start_time=part.began_ns, attributes=told)
            within.end(part.ended_ns)
        root.end(max([first.ended_ns, *(part.ended_ns for part in parts)]))

    @contextmanager
    def span(self, name: str, key: str, attributes: Attributes) -> Iterator[None]:
        """Time the block."""
        from opentelemetry import trace

        is_within = trace.get_current_span().get_span_context().is_valid
        parent = None if is_within or not number_of(key) else _within(key)
        with self._tracer.start_as_current_span(name, parent, attributes=_told(key, attributes)):
            yield

    @contextmanager
    def from_afar(self, name: str, traceparent: str) -> Iterator[None]:
        """Time the block as a part of another process's span."""
        from opentelemetry import context, trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent}, context.Context())
        with self._tracer.start_as_current_span(name, parent, kind=trace.SpanKind.SERVER):
            yield

    def onward(self) -> dict[str, str]:
        """Return the header `traceparent` of the present span."""
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        headers: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(headers)
        return headers

    def trace_id(self, key: str) -> str:
        """Return the number of the present trace, or else of the package's."""
        from opentelemetry import trace

        present = trace.get_current_span().get_span_context()
        number = present.trace_id if present.is_valid else number_of(key)
        return f"{number:032x}" if number else ""


_KEY = "dustwatch-package"


def _key_now() -> str:
    from opentelemetry import context

    return str(context.get_value(_KEY) or "")


def _first_span_of(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") or 1


def _within(key: str) -> "Context":
    """Return the context in which the package's first span is the parent."""
    from opentelemetry import trace
    from opentelemetry.context import Context

    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED)
    first = trace.SpanContext(number_of(key), _first_span_of(key), is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(first), Context())


def _told(key: str, attributes: Attributes) -> dict[str, str | int | float | bool]:
    """Return the attributes under our own names, without a secret that a text may hold."""
    named = {"violation": key, **attributes} if key else attributes
    return {_PREFIX + name: mask_secrets(value) if isinstance(value, str) else value for name, value in named.items()}
