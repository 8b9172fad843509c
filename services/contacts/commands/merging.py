"""Making several records of one contact one, and undoing it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis import aliases, following
from chassis.clock import utc_now
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.commands import contacts
from services.contacts.commands.merge_plan import MergePlan, plan_merge, shown
from services.contacts.domain.contact_kinds import CLASS_OF, deleting, writing
from services.contacts.domain.dismissal import Dismissal, pair
from services.contacts.domain.employment import Employment
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.keepsake import keepsake, plain, revived, value
from services.contacts.domain.merge import ContactMerge, MergeConflict
from services.contacts.domain.relation import Relation
from services.contacts.errors import MergeWasBuiltOn, NothingToUndo, WasMerged
from services.contacts.queries import duplicates, merging, relations

_ROWS: Final[Mapping[str, Any]] = {model.resource: model for model in (Employment, Relation, ContactInterest)}


def preview_merge(
    uow: UnitOfWork, kind: ContactKind, survivor_id: UUID, *, reason: str | None = None, **sent: Any
) -> dict[str, Any]:
    """Return what ``merge_contacts`` would do, and do nothing, for whatever ``reason``. Raises what it raises."""
    del reason
    return shown(uow, plan_merge(uow, kind, survivor_id, **sent))


def merge_contacts(
    uow: UnitOfWork, kind: ContactKind, survivor_id: UUID, *, reason: str | None = None, **sent: Any
) -> ContactMerge:
    """Make one record of several: the others' ids lead to the survivor for ever, and what they had is its own.

    Raises what ``plan_merge`` raises; of two merges of the same records at the same time the second is refused.
    """
    merging.lock(uow, CLASS_OF[kind], [survivor_id, *sent["absorbed_ids"]])
    plan = plan_merge(uow, kind, survivor_id, **sent)
    merge = ContactMerge(
        id=new_id(),
        kind=kind,
        survivor_id=survivor_id,
        absorbed_ids=plan.absorbed,
        reason=reason,
        conflicts=plan.conflicts,
        merged_by=uow.actor.user_id,
    )
    merge.memory = {
        "fields": _fill(plan, merge),
        "rows": _fold(uow, plan),
        "dismissed": [str(id_) for id_ in _carry_dismissals(uow, plan)],
    }
    for record in plan.records[1:]:
        contacts.put_away(uow, record)
    uow.flush()
    done = following.follow(uow, merge.id, plan.absorbed, survivor_id)
    merge.moved = dict(done.moved)
    merge.conflicts = [*merge.conflicts, *(MergeConflict(kind=resource, ids=[]) for resource in done.stayed)]
    for old in plan.absorbed:
        merging.rename_company(uow, old, survivor_id)
    contacts.recognise(uow, plan.survivor, look_again=False)
    merge.tell(plan.survivor)
    return uow.add(merge)


def merge_duplicates(uow: UnitOfWork, *, survivor_id: UUID, **sent: Any) -> ContactMerge:
    """Merge contacts of whichever kind. Raises ``NotFound`` and what ``merge_contacts`` raises."""
    kind = relations.kind_of(uow, survivor_id)
    if kind is None:
        raise NotFound(id=str(survivor_id))
    return merge_contacts(uow, kind, survivor_id, **sent)


def unmerge(
    uow: UnitOfWork, kind: ContactKind, contact_id: UUID, *, merge_id: UUID | None = None, reason: str | None = None
) -> ContactMerge:
    """Undo a merge, the contact's latest unless it is named: each record is as it was, with what was its own.

    What came later stays with the survivor. Raises ``NotFound``, ``NothingToUndo``, ``WasMerged`` where the survivor
    was itself merged since, and ``MergeWasBuiltOn`` where fields that the merge filled were edited since.
    """
    model = CLASS_OF[kind]
    merge = merging.undoable(uow, kind, contact_id)
    if merge is not None and merge_id is not None and merge.id != merge_id:
        merge = uow.get(ContactMerge, merge_id)
    if merge is None or merge.undone_at or contact_id not in {merge.survivor_id, *merge.absorbed_ids}:
        uow.get(model, contact_id, permission=writing(kind))
        raise NothingToUndo
    merging.lock(uow, model, [merge.survivor_id, *merge.absorbed_ids])
    uow.session.refresh(merge)
    survivor = uow.get(model, merge.survivor_id, permission=writing(kind), deleted=True)
    absorbed = [uow.get(model, id_, permission=deleting(kind), deleted=True) for id_ in merge.absorbed_ids]
    if merge.undone_at:
        raise NothingToUndo
    for id_, into in aliases.canonical_of(uow.session, uow.metadata, [survivor.id]).items():
        raise WasMerged(id=str(id_), canonical_id=str(into))
    _put_back(survivor, merge.memory["fields"])
    survivor.settle()
    uow.flush()
    following.unfollow(uow, merge.id, merge.absorbed_ids)
    _unfold(uow, merge.memory["rows"])
    for id_ in map(UUID, merge.memory["dismissed"]):
        if dismissal := duplicates.dismissal(uow, *pair(survivor.id, id_)):
            uow.session.delete(dismissal)
    uow.flush()
    for record in absorbed:
        record.restore()
        merging.rename_company(uow, survivor.id, record.id)
    for record in (survivor, *absorbed):
        record.last_contact_on = merging.last_contact(uow, record.id)
        if not record.is_deleted:
            contacts.recognise(uow, record, look_again=False)
    merge.undo(uow.actor.user_id, utc_now(), reason)
    return merge


def note_who_followed(uow: UnitOfWork, service: str, at: datetime, said: Mapping[str, Any]) -> None:
    """Note what another service made of a merge."""
    merge = uow.session.get(ContactMerge, UUID(said["merge_id"]), with_for_update=True)
    if merge is not None:
        merge.acknowledge(service, at, undone=said["undone"], moved=said["moved"], stayed=said["stayed"])


def _fill(plan: MergePlan, merge: ContactMerge) -> dict[str, Any]:
    """Give the survivor what the fields become, and return what each was and is."""
    survivor, kept, winners = plan.survivor, {}, {}
    for choice in plan.fields:
        if getattr(survivor, choice.field) != choice.value:
            before = plain(survivor, choice.field)
            setattr(survivor, choice.field, choice.value)
            kept[choice.field] = {"before": before, "after": None}
            if choice.winner_id is not None:
                winners[choice.field] = str(choice.winner_id)
    days = [record.last_contact_on for record in plan.records if record.last_contact_on]
    survivor.last_contact_on = max(days, default=None)
    survivor.settle()
    for name, values in kept.items():
        values["after"] = plain(survivor, name)
    if "language" in kept:
        survivor.tell_language()
    merge.field_choices = winners
    return kept


def _put_back(survivor: Any, kept: Mapping[str, Any]) -> None:
    edited = [name for name, values in kept.items() if plain(survivor, name) != values["after"]]
    if edited:
        raise MergeWasBuiltOn(fields=", ".join(sorted(edited)))
    for name, values in kept.items():
        setattr(survivor, name, value(type(survivor), name, values["before"]))
    if "language" in kept:
        survivor.tell_language()


def _fold(uow: UnitOfWork, plan: MergePlan) -> dict[str, Any]:
    """Put rows aside and change those that stay; return both as they were."""
    kept: dict[str, Any] = {"aside": [], "changed": []}
    for row in (row for rows in plan.rows.aside.values() for row in rows):
        kept["aside"].append({"resource": row.resource, "record": keepsake(row)})
        uow.session.delete(row)
    for change in plan.rows.changes:
        row, before = change.row, plain(change.row, change.field)
        setattr(row, change.field, change.value)
        said = {"field": change.field, "before": before, "after": plain(row, change.field)}
        kept["changed"].append({"resource": row.resource, "id": str(row.id), **said})
    return kept


def _unfold(uow: UnitOfWork, kept: Mapping[str, Any]) -> None:
    """Put rows back; one that was changed or removed since stays so."""
    for change in kept["changed"]:
        model = _ROWS[change["resource"]]
        row = uow.session.get(model, UUID(change["id"]), populate_existing=True)
        if row is not None and plain(row, change["field"]) == change["after"]:
            setattr(row, change["field"], value(model, change["field"], change["before"]))
    for aside in kept["aside"]:
        uow.session.add(revived(_ROWS[aside["resource"]], aside["record"]))


def _carry_dismissals(uow: UnitOfWork, plan: MergePlan) -> Sequence[UUID]:
    """Have whoever was found not to be one of the absorbed be found not to be the survivor; return them."""
    merged = {record.id for record in plan.records}
    carried: dict[UUID, Dismissal] = {}
    for id_ in plan.absorbed:
        for found in duplicates.dismissals_with(uow, id_):
            other = found.high_id if found.low_id == id_ else found.low_id
            low, high = pair(plan.survivor.id, other)
            if other not in merged and other not in carried and duplicates.dismissal(uow, low, high) is None:
                carried[other] = Dismissal(
                    low_id=low, high_id=high, dismissed_at=found.dismissed_at, dismissed_by=found.dismissed_by
                )
    uow.session.add_all(carried.values())
    return list(carried)
