"""What contacts does when something is told: by other services, by itself, or by a background job."""

import csv
import io
import tempfile
from datetime import timedelta
from typing import IO, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis import blobs, custom_field_projection, parameters, settings
from chassis.clock import utc_now
from chassis.db.alias_tables import canonical
from chassis.db.prepared import Prepared
from chassis.envelope import Envelope
from chassis.ids import new_id
from chassis.jobs import JobRun, job
from chassis.reactions import on, on_every
from chassis.timers import Due, timer
from chassis.unit_of_work import UnitOfWork
from contracts.administration import (
    CustomFieldChanged,
    CustomFieldDefined,
    CustomFieldRetired,
    ParameterChanged,
    UserDeactivated,
)
from contracts.contacts import ContactKind, InteractionRecorded
from contracts.notifications import MessageBounced, RecipientUnsubscribed
from services.contacts.commands import bounces, consents, merging
from services.contacts.domain.company import Company
from services.contacts.domain.contact_kinds import CLASS_OF
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.person import Person
from services.contacts.domain.sheet import header, row
from services.contacts.domain.timeline_entry import TimelineEntry, read_as
from services.contacts.queries import exports

_IN_MEMORY = 1_000_000  # bytes; what is larger waits on disk
FORGET_EXPORT = "forget-export"
_EXPORT_LASTS = timedelta(days=7)
_TIMELINE: Any = TimelineEntry.__table__
_ENTRY = {
    name: Prepared(
        dialect.insert(_TIMELINE).on_conflict_do_nothing(index_elements=["event_id", "contact_id"]), _TIMELINE.c.keys()
    )
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_OWNER, _GROUP = (sa.bindparam(name, type_=sa.Uuid) for name in ("owner", "group"))
_FOLLOW: Final = Prepared(
    sa.update(_TIMELINE)
    .where(
        _TIMELINE.c.subject_id == sa.bindparam("subject_id", type_=sa.Uuid),
        sa.or_(_TIMELINE.c.owner_id.is_distinct_from(_OWNER), _TIMELINE.c.group_id.is_distinct_from(_GROUP)),
    )
    .values(owner_id=_OWNER, group_id=_GROUP)
)


@on_every("crm.#")
def keep_timeline(uow: UnitOfWork, envelope: Envelope) -> None:
    """Every event that names a contact is a line of its history, whoever told it; told twice, it is one line."""
    if not envelope.concerns:
        return
    if envelope.sequence > 1 and (envelope.owner or envelope.group):
        _follow_owner(uow, envelope)
    insert = _ENTRY[uow.session.get_bind().dialect.name]
    for contact_id in envelope.concerns:
        entry = {
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
        uow.append(insert, entry)


def _follow_owner(uow: UnitOfWork, envelope: Envelope) -> None:
    """Who may read the earlier lines about a record is who may read the record now."""
    now = {"subject_id": envelope.subject_id, "owner": envelope.owner, "group": envelope.group}
    uow.append(_FOLLOW, now)


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
                .where(model.id == canonical(contact_id))
                .where(sa.or_(model.last_contact_on.is_(None), model.last_contact_on < day))
                .values(last_contact_on=day, updated_at=model.updated_at)
                .execution_options(synchronize_session=False)
            )


@on(RecipientUnsubscribed)
def take_unsubscription(uow: UnitOfWork, event: RecipientUnsubscribed) -> None:
    """Whoever reads an address followed the link in a message: the address is opted out."""
    consents.take_unsubscription(uow, event)


@on(MessageBounced)
def take_bounce(uow: UnitOfWork, event: MessageBounced) -> None:
    """A mail came back: an address that leads nowhere is not written to any more."""
    bounces.take_bounce(uow, event)


@on_every("crm.*.contact_merge_followed.v1")
def note_who_followed(uow: UnitOfWork, envelope: Envelope) -> None:
    """Another service says what it made of a merge, so that the merge shows how far it got."""
    merging.note_who_followed(uow, envelope.source.rpartition("/")[2], envelope.time, envelope.data)


@on(CustomFieldDefined)
def take_custom_field(uow: UnitOfWork, event: CustomFieldDefined) -> None:
    """People and companies have a field more, or one that was retired before."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldChanged)
def change_custom_field(uow: UnitOfWork, event: CustomFieldChanged) -> None:
    """A field of people or companies has other options, labels or obligations."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldRetired)
def retire_custom_field(uow: UnitOfWork, event: CustomFieldRetired) -> None:
    """A field is offered no longer; what was filled in stays."""
    custom_field_projection.drop(uow, event)


@on(ParameterChanged)
def take_parameter(uow: UnitOfWork, event: ParameterChanged) -> None:
    """Whether possible duplicates are reported may be another from now on."""
    parameters.keep(uow, event)


@on(UserDeactivated)
def hand_over(uow: UnitOfWork, event: UserDeactivated) -> None:
    """What belonged to somebody who left belongs to whoever was named; without anybody it stays as it is."""
    if event.handover_to is None:
        return
    for model in (Person, Company, Interaction):
        uow.session.execute(
            sa.update(model)
            .where(model.owner_id == event.user_id)
            .values(owner_id=event.handover_to, version=model.version + 1)
            .execution_options(synchronize_session=False)
        )
    uow.session.execute(
        sa.update(TimelineEntry)
        .where(TimelineEntry.owner_id == event.user_id)
        .values(owner_id=event.handover_to)
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


@timer(FORGET_EXPORT)
def forget_export(_uow: UnitOfWork, due: Due) -> None:
    """An exported file is personal data: it goes when there was time enough to fetch it."""
    blobs.open_store(settings.load()).delete(due.key)


def _export(run: JobRun, kind: ContactKind) -> dict[str, Any]:
    """Write all rows and store the file; a second attempt begins anew, since half a file is no file."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        rows = _write(run, kind, file)
        file.seek(0)
        stored = blobs.open_store(settings.load()).put(file)
    with run.transaction() as uow:
        uow.schedule(FORGET_EXPORT, utc_now() + _EXPORT_LASTS, key=stored.key)
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
