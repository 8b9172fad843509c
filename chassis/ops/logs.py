"""Structured logs: one JSON object a line, tied to the request that caused it, without secrets."""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from chassis.context import NO_CALL, current_call
from chassis.ops import tracing
from chassis.settings import Settings

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SECRET_NAME: Final = re.compile(
    r"secret|passw|pwd|token|authori[sz]ation|cookie|api_?key|credential|hash|e_?mail|phone|address",
    re.IGNORECASE,
)
_HIDDEN: Final = "***"
# What may hide inside a sentence: the driver's copy of a row, credentials, people's addresses.
_PRIVATE: Final = (
    (re.compile(r"\[parameters: .*?\]\s*(?=\n|\(Background|$)", re.DOTALL), "[parameters: ***]"),
    (re.compile(r"(?<=\()([^()]*)\)=\([^()]*\)"), r"\1)=(***)"),
    (re.compile(r"(?<=://)[^/\s@]+@"), "***@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 ***"),
    (re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"), "***@***"),
    (re.compile(r"\+\d[\d ]{7,17}\d"), "+***"),
)


class about:  # noqa: N801 - it is used as a function: with about(...)
    """Name the service and method in every line that the block logs; several services may share a process."""

    __slots__ = ("_token", "method", "service")

    def __init__(self, service: str, method: str | None = None) -> None:
        self.service = service
        self.method = method

    def __enter__(self) -> None:
        self._token = _scope.set(self)

    def __exit__(self, *_: object) -> None:
        _scope.reset(self._token)


_scope: ContextVar[about | None] = ContextVar("log_scope", default=None)


def scrub(text: str) -> str:
    """Return ``text`` without credentials, e-mail addresses, phone numbers and row values."""
    for pattern, replacement in _PRIVATE:
        text = pattern.sub(replacement, text)
    return text


def fields(record: logging.LogRecord) -> dict[str, object]:
    """Return what is known about one line; empty facts are left out."""
    known: dict[str, object] = {
        "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "msg": scrub(record.getMessage()),
        **_origin(),
    }
    for name, value in vars(record).items():
        if name not in _STANDARD:
            known[name] = _HIDDEN if _SECRET_NAME.search(name) else _shown(value)
    if record.exc_info and record.exc_info[0] is not None:
        known["error"] = scrub("".join(traceback.format_exception(*record.exc_info)))
    return {name: value for name, value in known.items() if value is not None}


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(fields(record), ensure_ascii=False, separators=(",", ":"))


class ConsoleFormatter(logging.Formatter):
    """One short line, for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and below it the error's traceback if there is one."""
        known = fields(record)
        where = ".".join(str(known[key]) for key in ("service", "method") if key in known)
        hidden = {"ts", "level", "logger", "msg", "service", "method", "error", "trace_id"}
        rest = " ".join(f"{k}={v}" for k, v in known.items() if k not in hidden | {"span_id"})
        time = str(known["ts"])[11:23]
        parts = (time, record.levelname[:4], where or record.name, str(known["msg"]), rest)
        line = "  ".join(part for part in parts if part)
        return f"{line}\n{known['error']}" if "error" in known else line


def configure(settings: Settings) -> None:
    """Send all logs of this process to standard error in the format of the settings."""
    wanted = settings.log_format
    if wanted is None:
        wanted = "console" if settings.is_development and sys.stderr.isatty() else "json"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ConsoleFormatter() if wanted == "console" else JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    # These tell every frame and connection at INFO; only their warnings are news.
    for name in ("amqp", "kombu", "nameko", "botocore", "boto3", "urllib3", "sqlalchemy"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)


def _shown(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return scrub(str(value))


def _origin() -> dict[str, object]:
    scope = _scope.get()
    known: dict[str, object] = {
        "service": scope.service if scope else None,
        "method": scope.method if scope else None,
    }
    call = current_call.get()
    if call is NO_CALL:
        return known
    trace = tracing.parse(call.traceparent)
    return known | {
        "method": call.method or known["method"],
        "request_id": call.request_id or None,
        "trace_id": trace.trace_id if trace else None,
        "span_id": trace.span_id if trace else None,
        "actor_id": str(call.actor.user_id) if call.actor.user_id else None,
        "actor_kind": call.actor.kind,
    }
