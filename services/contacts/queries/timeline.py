"""The history of a contact: what happened, as far as the caller may see each record that it happened to."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from chassis import aliases
from chassis.context import WIDTH, Scope
from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.timeline_entry import TimelineEntry

TIMELINE_FILTERS = filters_for(TimelineEntry, exclude=("contact_id",), default_sort=("-occurred_at",))

_EVERYTHING: Final = "*"
# Told by the contact itself or about catalogues everybody sees; whoever sees the contact sees these.
_OF_THE_CONTACT: Final = ("people", "companies")


def timeline(uow: UnitOfWork, kind: ContactKind, contact_id: UUID, page: PageRequest) -> Page[TimelineEntry]:
    """Return a page of a contact's history, the latest first. Raises ``NotFound`` for a contact out of reach."""
    uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    found = page.apply(sa.select(TimelineEntry).where(_about(uow, contact_id), visible(uow)), uow.session)
    _summarise(uow, found.items)
    return found


def _about(uow: UnitOfWork, contact_id: UUID) -> sa.ColumnElement[bool]:
    """Return the condition that an entry is about the contact, by whatever id; an event is one line all the same.

    What happened stays with the id that it happened to, so a merge that is undone leaves each its own history.
    """
    family = aliases.family_of(uow.session, uow.metadata, contact_id)
    if len(family) == 1:
        return TimelineEntry.contact_id == contact_id
    twin = sa.orm.aliased(TimelineEntry)
    said = sa.exists().where(
        twin.event_id == TimelineEntry.event_id,
        twin.contact_id.in_(family),
        twin.contact_id < TimelineEntry.contact_id,
    )
    return sa.and_(TimelineEntry.contact_id.in_(family), ~said)


def visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """Return the condition that the caller may read the record an entry is about.

    The permissions of the caller say which resources they read, and how far; owner and group of the record came
    with the event.
    """
    scopes = _scopes(uow)
    everywhere = scopes.pop(_EVERYTHING, None)
    conditions: list[sa.ColumnElement[bool]] = [TimelineEntry.read_as.in_(_OF_THE_CONTACT)]
    for scope in WIDTH:
        named = sorted(resource for resource, reach in scopes.items() if reach == scope)
        if named:
            conditions.append(sa.and_(TimelineEntry.read_as.in_(named), _within(uow, scope)))  # type: ignore[arg-type]
    if everywhere is not None:
        others = TimelineEntry.read_as.not_in(sorted(scopes)) if scopes else sa.true()
        conditions.append(sa.and_(others, _within(uow, everywhere)))
    shown = sa.or_(*conditions)
    if uow.may("informal-relations:read"):
        return shown
    informal = sa.and_(TimelineEntry.resource == "relations", TimelineEntry.data["formal"].as_boolean().is_(False))
    return sa.and_(shown, sa.not_(informal))


def _scopes(uow: UnitOfWork) -> dict[str, Scope]:
    """Return how far the caller reads each resource; ``*`` stands for those that are not named."""
    resources = {name.partition(":")[0] for name in uow.actor.permissions}
    found = {resource: uow.actor.scope(f"{resource}:read") for resource in resources}
    return {resource: scope for resource, scope in found.items() if scope is not None}


def _within(uow: UnitOfWork, scope: Scope) -> sa.ColumnElement[bool]:
    mine = TimelineEntry.owner_id == uow.actor.user_id
    # Records that belong to nobody in particular are open to whoever reads the resource at all.
    unowned = sa.and_(TimelineEntry.owner_id.is_(None), TimelineEntry.group_id.is_(None))
    match scope:
        case "all":
            return sa.true()
        case "team":
            return sa.or_(mine, unowned, TimelineEntry.group_id.in_(sorted(uow.actor.teams)))
        case "own":
            return sa.or_(mine, unowned)


def _summarise(uow: UnitOfWork, entries: Sequence[TimelineEntry]) -> None:
    """Show what was said in interactions; the events themselves do not carry it."""
    ids = [entry.subject_id for entry in entries if entry.resource == Interaction.resource]
    if ids:
        rows = uow.session.execute(sa.select(Interaction.id, Interaction.summary).where(Interaction.id.in_(ids)))
        summaries = {row.id: row.summary for row in rows}
        for entry in entries:
            entry.summed_up(summaries.get(entry.subject_id) if entry.subject_id else None)
