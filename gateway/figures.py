"""Figures of several worker processes, added up at /metrics."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - figures are written often and never need to survive


def fresh_directory(name: str) -> Path:
    """Return an empty directory for the figures of one gateway; what an earlier run left is gone."""
    base = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else Path(tempfile.gettempdir())
    directory = base / f"trato-gateway-{os.getuid()}-{name}"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    return directory


def keep_in(directory: Path) -> None:
    """Make prometheus_client share figures through ``directory``; it looks once, when first imported."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)  # noqa: TID251 - the library knows no other way


def exposition() -> tuple[bytes, str]:
    """Return the figures of all workers in Prometheus's text format, and its media type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess, values

    registry = CollectorRegistry()
    if values.ValueClass is values.MutexValue:
        from prometheus_client import REGISTRY

        return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


def forget_process(pid: int, directory: Path) -> None:
    """Drop the gauges of a worker that has ended; its counters stay counted."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(pid, str(directory))  # type: ignore[no-untyped-call]
