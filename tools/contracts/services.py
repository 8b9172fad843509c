"""What the services declare."""

import inspect
from collections.abc import Iterator

from chassis.declarations import Contract
from chassis.ops import discovery


def contracts_of(service: str) -> dict[str, Contract]:
    """Return what each operation of a service declares, by name."""
    owner = discovery.load(service).service_class
    return {
        name: method.contract
        for name, method in inspect.getmembers(owner, inspect.isfunction)
        if hasattr(method, "contract")
    }


def all_contracts() -> Iterator[tuple[str, Contract]]:
    """Return every declared operation as ``service.operation`` and its contract."""
    for service in discovery.service_names():
        for name, contract in contracts_of(service).items():
            yield f"{service}.{name}", contract
