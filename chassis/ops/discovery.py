"""Finds the services: the folders of ``services/`` are the list."""

import importlib
import importlib.util
import inspect
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa


class NoSuchService(Exception):
    """A service was named that has no folder."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the files of one service declare."""

    name: str
    service_class: type
    metadata: sa.MetaData
    handlers: ModuleType | None
    migrations: Path


def service_names(package: str = "services") -> list[str]:
    """Return the names of all services, sorted: each folder that holds a ``service.py``."""
    found = importlib.util.find_spec(package)
    folders = found.submodule_search_locations if found else None
    return sorted(path.parent.name for folder in folders or () for path in Path(folder).glob("*/service.py"))


def load(name: str, package: str = "services") -> Service:
    """Import one service and return what it declares. Raises ``NoSuchService``."""
    known = service_names(package)
    if name not in known:
        raise NoSuchService(f"There is no service {name!r}; there are: {', '.join(known) or 'none'}.")
    module = importlib.import_module(f"{package}.{name}.service")
    base = importlib.import_module(f"{package}.{name}.domain.base")
    handlers = f"{package}.{name}.handlers"
    assert module.__file__ is not None
    return Service(
        name=name,
        service_class=_service_class(module, name),
        metadata=base.Model.metadata,
        handlers=importlib.import_module(handlers) if importlib.util.find_spec(handlers) else None,
        migrations=Path(module.__file__).parent / "migrations",
    )


def _service_class(module: ModuleType, name: str) -> type:
    found = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__ and getattr(value, "name", None) == name
    ]
    if len(found) != 1:
        raise NoSuchService(f'{module.__name__} must hold exactly one class with name = "{name}".')
    return found[0]
