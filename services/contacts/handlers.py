"""What contacts does when something is told: by other services, by itself, or by a background job."""

import csv
import io
import tempfile
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis import blobs, settings
from chassis.clock import utc_now
from chassis.envelope import Envelope
from chassis.ids import new_id
from chassis.jobs import JobRun, job
from chassis.reactions import on, on_every
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind, InteractionRecorded
from services.contacts.domain.company import Company
from services.contacts.domain.contact_kinds import CLASS_OF
from services.contacts.domain.person import Person
from services.contacts.domain.sheet import header, row
from services.contacts.domain.timeline_entry import TimelineEntry, read_as
from services.contacts.queries import exports

_IN_MEMORY = 1_000_000  # bytes; what is larger waits on disk


@on_every("crm.#")
def keep_timeline(uow: UnitOfWork, envelope: Envelope) -> None:
    """Every event that names a contact is a line of its history, whoever told it; told twice, it is one line."""
    if not envelope.concerns:
        return
    rows = [
        {
            "id": new_id(),
            "contact_id": contact_id,
            "event_id": envelope.id,
            "type": envelope.type,
            "source": envelope.source.rpartition("/")[2],
            "resource": envelope.resource,
            "read_as": read_as(envelope.resource),
            "subject_id": envelope.subject_id,
            "occurred_at": envelope.time,
            "actor_id": envelope.actor.id,
            "actor_name": envelope.actor.name,
            "owner_id": envelope.owner,
            "group_id": envelope.group,
            "data": dict(envelope.data),
        }
        for contact_id in envelope.concerns
    ]
    uow.session.execute(_insert(uow).on_conflict_do_nothing(index_elements=["event_id", "contact_id"]), rows)


@on(InteractionRecorded)
def remember_last_contact(uow: UnitOfWork, event: InteractionRecorded) -> None:
    """Contacts show when they were last in touch with us; a later day never gives way to an earlier one.

    Written past the aggregate: somebody who edits the contact meanwhile must not hear of a newer version.
    """
    day = event.occurred_at.date()
    for model, contact_id in ((Person, event.person_id), (Company, event.company_id)):
        if event.real and contact_id is not None:
            uow.session.execute(
                sa.update(model)
                .where(model.id == contact_id)
                .where(sa.or_(model.last_contact_on.is_(None), model.last_contact_on < day))
                .values(last_contact_on=day, updated_at=model.updated_at)
                .execution_options(synchronize_session=False)
            )


@job("export-people")
def export_people(run: JobRun) -> dict[str, Any]:
    """Write a file of people."""
    return _export(run, ContactKind.PERSON)


@job("export-companies")
def export_companies(run: JobRun) -> dict[str, Any]:
    """Write a file of companies."""
    return _export(run, ContactKind.COMPANY)


def _export(run: JobRun, kind: ContactKind) -> dict[str, Any]:
    """Write all rows and store the file; a second attempt begins anew, since half a file is no file."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        rows = _write(run, kind, file)
        file.seek(0)
        stored = blobs.open_store(settings.load()).put(file)
    filename = f"{CLASS_OF[kind].resource}-{utc_now():%Y-%m-%d}.csv"
    return {"key": stored.key, "size": stored.size, "rows": rows, "filename": filename}


def _write(run: JobRun, kind: ContactKind, file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    # Programs set to Spanish expect the semicolon: their decimal sign is the comma.
    sheet = csv.writer(text, delimiter=";" if run.call.locale == "es" else ",")
    sheet.writerow(header(CLASS_OF[kind]))
    done, last = 0, None
    with run.reading() as uow:
        total = exports.count(uow, kind, run.data)
    while True:
        with run.reading() as uow:
            contacts = exports.batch(uow, kind, run.data, last)
        if not contacts:
            break
        sheet.writerows(map(row, contacts))
        done, last = done + len(contacts), contacts[-1].id
        run.progress(done, max(total, done))
    text.flush()
    text.detach()
    return done


def _insert(uow: UnitOfWork) -> Any:
    dialect = uow.session.get_bind().dialect.name
    return (postgresql if dialect == "postgresql" else sqlite).insert(TimelineEntry)
