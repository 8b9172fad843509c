"""What goes into a file of people or companies, row by row, and how far a job is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis import blobs, jobs, settings
from chassis.clock import utc_now
from chassis.db.paging import PageRequest
from chassis.errors import NotFound
from chassis.jobs import Job
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.company import Company
from services.contacts.domain.contact_kinds import CLASS_OF
from services.contacts.domain.person import Person
from services.contacts.queries.contact_filters import FILTERS_OF

BATCH: Final = 200
MEDIA_TYPE: Final = "text/csv; charset=utf-8"
_LINK_LASTS: Final = timedelta(hours=1)


def check(uow: UnitOfWork, kind: ContactKind, wanted: Mapping[str, Any]) -> None:
    """Raise ``ValidationFailed`` unless ``wanted`` describes contacts of this kind."""
    PageRequest.parse({}, FILTERS_OF[kind], secret="", locale=uow.call.locale, body=wanted)


def count(uow: UnitOfWork, kind: ContactKind, wanted: Mapping[str, Any]) -> int:
    """Return how many contacts the caller may take away."""
    return uow.session.scalar(sa.select(sa.func.count()).select_from(_wanted(uow, kind, wanted).subquery())) or 0


def batch(
    uow: UnitOfWork, kind: ContactKind, wanted: Mapping[str, Any], after: UUID | None
) -> Sequence[Person | Company]:
    """Return the next contacts in the order of their ids, those behind ``after``."""
    model = CLASS_OF[kind]
    query = _wanted(uow, kind, wanted).order_by(model.id).limit(BATCH)
    return uow.session.scalars(query if after is None else query.where(model.id > after)).all()


def job(uow: UnitOfWork, job_id: UUID) -> Job:
    """Return a job of the caller. Raises ``NotFound``, for somebody else's as well."""
    found = jobs.read(uow.session, uow.metadata, job_id)
    if found.requested_by != uow.actor.user_id:
        raise NotFound(resource="jobs", id=str(job_id))
    return found


def card(found: Job) -> dict[str, Any]:
    """Return a job as its owner sees it, with the address of the finished file, good for an hour."""
    result = found.result or {}
    link = None
    if "key" in result:
        lasts_until = utc_now() + _LINK_LASTS
        secret = settings.load().secret_key
        token = blobs.sign_download(result["key"], result["filename"], MEDIA_TYPE, lasts_until, secret=secret)
        link = f"/v1/files/{token}"
    return {**asdict(found), "rows": result.get("rows"), "download": link}


def _wanted(uow: UnitOfWork, kind: ContactKind, wanted: Mapping[str, Any]) -> "sa.Select[Any]":
    model = CLASS_OF[kind]
    page = PageRequest.parse({}, FILTERS_OF[kind], secret="", locale=uow.call.locale, body=wanted)
    query = page.filtered(sa.select(model))
    # Who takes data away needs both rights, so the narrower of the two decides about each row.
    for action in ("read", "export"):
        query = uow.scoped(query, model, permission=f"{model.resource}:{action}")
    return query
