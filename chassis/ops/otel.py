"""Sends finished steps to an OpenTelemetry collector, where one is set and its package is installed."""

import logging
from collections.abc import Callable

from chassis.ops import tracing
from chassis.ops.tracing import Exporter, FinishedSpan, TraceContext
from chassis.settings import Settings

log = logging.getLogger(__name__)


def start(settings: Settings, process: str) -> Callable[[], None]:
    """Export from now on if OTEL_EXPORTER_OTLP_ENDPOINT is set; return what ends that and sends the rest."""
    if settings.otel_endpoint is None:
        return lambda: None
    try:
        exporter, end = _exporter(settings.otel_endpoint, process)
    except ImportError:
        log.warning("traces are not exported: install opentelemetry-exporter-otlp-proto-http")
        return lambda: None
    tracing.export_to(exporter)
    return end


def _exporter(endpoint: str, process: str) -> tuple[Exporter, Callable[[], None]]:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

    resource = Resource.create({"service.name": process})
    processor = BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces"))

    def context(step: TraceContext, *, remote: bool) -> SpanContext:
        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(int(step.trace_id, 16), int(step.span_id, 16), remote, flags)

    def export(span: FinishedSpan) -> None:
        processor.on_end(
            ReadableSpan(
                span.name,
                context=context(span.context, remote=False),
                parent=span.parent and context(span.parent, remote=True),
                resource=resource,
                attributes=span.attributes,
                kind=SpanKind.SERVER,
                status=Status(StatusCode.ERROR, span.error) if span.error else Status(StatusCode.UNSET),
                start_time=span.started_ns,
                end_time=span.ended_ns,
            )
        )

    return export, processor.shutdown
