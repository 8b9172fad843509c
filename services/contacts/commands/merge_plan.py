"""What a merge would make of the records: worked out first, so that it can be shown before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis import aliases, following
from chassis.errors import ValidationFailed
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF, deleting, writing
from services.contacts.domain.field_choices import FieldChoice, FieldWinner, Record, choosable, chosen, identifiers
from services.contacts.domain.folding import Folding, fold_employments, fold_interests, fold_relations
from services.contacts.domain.keepsake import plain
from services.contacts.domain.merge import MergeConflict
from services.contacts.errors import MergedWithItself, WasMerged
from services.contacts.queries import merging

_NO_SUCH_FIELD = ("There is no such field to choose.", "No hay ningún campo así que elegir.")
_NOBODY = ("Name at least one record.", "Indique al menos un registro.")
_NOT_MERGED = ("This is none of the records that are merged.", "No es ninguno de los registros que se fusionan.")


@dataclass(frozen=True)
class MergePlan:
    """What becomes of the fields and of the rows that name the records; the survivor is the first of ``records``."""

    kind: ContactKind
    records: Sequence[Record]
    fields: Sequence[FieldChoice]
    rows: Folding

    @property
    def survivor(self) -> Record:
        """The record that is left."""
        return self.records[0]

    @property
    def absorbed(self) -> list[UUID]:
        """The ids that lead to it from now on."""
        return [record.id for record in self.records[1:]]

    @property
    def conflicts(self) -> list[MergeConflict]:
        """What several of them had and only one can keep."""
        found = [MergeConflict(kind=because, ids=[row.id for row in rows]) for because, rows in self.rows.aside.items()]
        at_odds = [record.id for record in self.records if identifiers([record])]
        if len(identifiers(self.records)) > 1:
            found.append(MergeConflict(kind="identifiers", ids=at_odds))
        return found


def plan_merge(
    uow: UnitOfWork,
    kind: ContactKind,
    survivor_id: UUID,
    *,
    absorbed_ids: Sequence[UUID],
    choices: Sequence[FieldWinner] = (),
) -> MergePlan:
    """Work out a merge without doing any of it.

    It needs the right to change the survivor and to delete the others. Raises ``NotFound``, ``MergedWithItself``,
    ``WasMerged`` for one that leads elsewhere already, and ``ValidationFailed`` for a choice that there is not.
    """
    ids = [survivor_id, *absorbed_ids]
    if len(set(ids)) < len(ids):
        raise MergedWithItself
    for id_, into in aliases.canonical_of(uow.session, uow.metadata, ids).items():
        raise WasMerged(id=str(id_), canonical_id=str(into))
    model = CLASS_OF[kind]
    survivor = uow.change(model, survivor_id, permission=writing(kind))
    records = [survivor, *(uow.get(model, id_, permission=deleting(kind)) for id_ in absorbed_ids)]
    winners = _winners(model, choices, ids, uow.call.locale)
    merged = set(ids)
    rows = Folding()
    fold_relations(rows, merging.relations_among(uow, ids), merged, merging.symmetric_types(uow))
    fold_employments(rows, merging.employments_among(uow, ids), merged)
    fold_interests(rows, merging.interests_among(uow, ids))
    return MergePlan(kind, records, chosen(records, winners), rows)


def shown(uow: UnitOfWork, plan: MergePlan) -> dict[str, Any]:
    """Return a plan as people look at it: each field on which the records differ, conflicts, and how much moves."""
    survivor = plan.survivor
    counts = [following.holdings(uow, id_) for id_ in plan.absorbed]
    return {
        "survivor_id": survivor.id,
        "absorbed_ids": plan.absorbed,
        "differences": [
            {
                "field": choice.field,
                "winner_id": choice.winner_id,
                "result": plain(_said(survivor, choice), choice.field),
                "values": [{"contact_id": record.id, "value": plain(record, choice.field)} for record in plan.records],
            }
            for choice in plan.fields
            if any(getattr(record, choice.field) != choice.value for record in plan.records)
        ],
        "conflicts": plan.conflicts,
        "counts": {
            "contacts": {name: sum(each.get(name, 0) for each in counts) for each in counts for name in each},
        },
    }


def _said(survivor: Record, choice: FieldChoice) -> Record:
    return type(survivor)(**{choice.field: choice.value})


def _winners(model: type[Record], choices: Sequence[FieldWinner], ids: Sequence[UUID], locale: str) -> dict[str, UUID]:
    known = choosable(model)
    errors = []
    for place, choice in enumerate(choices):
        if choice.field not in known and not choice.field.startswith("custom."):
            errors.append({"pointer": f"/choices/{place}/field", "detail": _NO_SUCH_FIELD[locale == "es"]})
        if choice.contact_id not in ids:
            errors.append({"pointer": f"/choices/{place}/contact_id", "detail": _NOT_MERGED[locale == "es"]})
    if len(ids) == 1:
        errors.append({"pointer": "/absorbed_ids", "detail": _NOBODY[locale == "es"]})
    if errors:
        raise ValidationFailed(errors)
    return {choice.field: choice.contact_id for choice in choices}
