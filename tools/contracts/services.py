"""Finds what the services declare."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

from chassis.declarations import Contract

ROOT = Path(__file__).resolve().parents[2]


def service_names() -> list[str]:
    """Return the services: the folder listing is the list."""
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/service.py"))


def contracts_of(service: str) -> dict[str, Contract]:
    """Return what each operation of a service declares, by name."""
    module = importlib.import_module(f"services.{service}.service")
    [owner] = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__ and getattr(value, "name", None) == service
    ]
    return {
        name: method.contract
        for name, method in inspect.getmembers(owner, inspect.isfunction)
        if hasattr(method, "contract")
    }


def all_contracts() -> Iterator[tuple[str, Contract]]:
    """Return every declared operation as ``service.operation`` and its contract."""
    for service in service_names():
        for name, contract in contracts_of(service).items():
            yield f"{service}.{name}", contract
