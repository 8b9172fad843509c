"""W3C trace context: one trace id from the HTTP request to the last subscriber."""

import re
import secrets
from dataclasses import dataclass
from time import time_ns
from typing import Final, NamedTuple, Protocol

_TRACEPARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")


class TraceContext(NamedTuple):
    """One step of a trace: which trace, which step, and whether it is recorded."""

    trace_id: str
    span_id: str
    sampled: bool = True

    @property
    def traceparent(self) -> str:
        """Return the header that carries this step to the next process."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


@dataclass(frozen=True, slots=True)
class FinishedSpan:
    """A step that ended, as an exporter takes it; instants are nanoseconds since 1970."""

    name: str
    context: TraceContext
    parent: TraceContext | None
    started_ns: int
    ended_ns: int
    error: str | None
    attributes: dict[str, str]


class Exporter(Protocol):
    """Something that sends finished steps to a collector, without waiting."""

    def __call__(self, span: FinishedSpan) -> None: ...


class _Export:
    """Where finished steps go; nowhere until ``export_to`` is called."""

    exporter: Exporter | None = None


def export_to(exporter: Exporter | None) -> None:
    """Send the steps that finish from now on to ``exporter``; ``None`` ends that."""
    _Export.exporter = exporter


def parse(traceparent: str | None) -> TraceContext | None:
    """Return the step that a ``traceparent`` header names, or ``None`` if it names none."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    if match is None:
        return None
    trace_id, span_id, flags = match.groups()
    return TraceContext(trace_id, span_id, bool(int(flags, 16) & 1))


def child_of(parent: TraceContext | None) -> TraceContext:
    """Return a new step of the same trace, or the first step of a new one."""
    if parent is None:
        return TraceContext(secrets.token_hex(16), secrets.token_hex(8))
    return TraceContext(parent.trace_id, secrets.token_hex(8), parent.sampled)


def child(traceparent: str | None) -> str:
    """Return the ``traceparent`` of a new step below the given one."""
    return child_of(parse(traceparent)).traceparent


class span:  # noqa: N801 - it is used as a function: with span(...) as step
    """Run a block as one step below ``traceparent``; gives the step's own context.

    A class and not a generator, because every request passes here.
    """

    __slots__ = ("_attributes", "_context", "_name", "_parent", "_started")

    def __init__(self, name: str, traceparent: str | None, **attributes: str) -> None:
        self._name, self._attributes = name, attributes
        self._parent = parse(traceparent)

    def __enter__(self) -> TraceContext:
        self._context = child_of(self._parent)
        self._started = time_ns()
        return self._context

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        exporter = _Export.exporter
        if exporter is not None and self._context.sampled:
            error = kind.__name__ if kind else None
            exporter(
                FinishedSpan(self._name, self._context, self._parent, self._started, time_ns(), error, self._attributes)
            )
