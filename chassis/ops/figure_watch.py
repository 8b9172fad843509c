"""Looks at the figures that a service declares, beside the probe and at most every 15 seconds."""

import logging
from collections.abc import Sequence
from time import monotonic
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chassis.context import SYSTEM, Call
from chassis.figures import Figure
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork

EVERY: Final = 15.0

log = logging.getLogger(__name__)


class FigureWatch:
    """The figures of one service."""

    def __init__(self, service: str, metadata: sa.MetaData, figures: Sequence[Figure]) -> None:
        self._service, self._metadata, self._figures = service, metadata, figures
        self._next = 0.0

    def look(self, connection: sa.Connection) -> None:
        """Show every figure; one whose query fails shows NaN, and the others go on."""
        if not self._figures or monotonic() < self._next:
            return
        self._next = monotonic() + EVERY
        request = str(new_id())
        call = Call(
            actor=SYSTEM,
            request_id=request,
            correlation_id=request,
            method=f"{self._service}.figures",
            cause="figures",
        )
        with Session(connection) as session:
            uow = UnitOfWork(session, self._metadata, call)
            for figure in self._figures:
                try:
                    figure.show(uow)
                except SQLAlchemyError as error:
                    session.rollback()
                    figure.hide()
                    log.warning("the figure %s is not known: %s", figure.name, error)

    def hide(self) -> None:
        """Show that nothing is known, because the database does not answer."""
        for figure in self._figures:
            figure.hide()
        self._next = 0.0
