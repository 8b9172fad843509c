"""What runs by itself, run by a test: a function with a unit of work of the system."""

from collections.abc import Callable
from typing import Any

from chassis.context import SYSTEM, Call, calling
from chassis.unit_of_work import UnitOfWork
from tests.factories.administration import Administration


def as_system(administration: Administration, work: Callable[..., Any], *arguments: object) -> None:
    """Run ``work(uow, *arguments)`` as a timer would, and commit."""
    database = administration.service.database
    with calling(Call(actor=SYSTEM)) as call, database.write() as session:
        uow = UnitOfWork(session, database.metadata, call)
        work(uow, *arguments)
        uow.flush()
