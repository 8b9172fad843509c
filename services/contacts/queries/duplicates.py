"""Which contacts may be the same as another: found by equal keys, told as far as the caller may see them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db.prepared import Prepared, run
from chassis.db.several import Several, among
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF
from services.contacts.domain.dismissal import Dismissal
from services.contacts.domain.match_key import MatchKey
from services.contacts.domain.matching import Keys, Match, certain_keys, matches
from services.contacts.queries.names import names_of

NOISE = 500  # keys that this many contacts share say nothing
SHOWN = 20
_LISTS = "lists"
_HOLDERS = Prepared(
    sa.select(MatchKey.contact_id, MatchKey.key, MatchKey.detail)
    .where(among(MatchKey.key, sa.bindparam("keys", type_=Several(sa.Text))))
    .limit(NOISE)
)
_WAITED = sa.func.unnest(sa.bindparam("waited", type_=Several(sa.Text))).column_valued("key")
_WAIT = Prepared(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(_WAITED, 0))))
_KEEP = Prepared(sa.insert(MatchKey), ("key", "contact_id", "detail"))


def duplicates_of(uow: UnitOfWork, keys: Keys, *, contact_id: UUID | None = None) -> list[Match]:
    """Return who may be the contact with these keys, the surest first.

    A contact already on file, ``contact_id``, is no duplicate of itself, nor of those dismissed before.
    """
    if not keys:
        return []
    holders = _HOLDERS.rows(uow.session, {"keys": list(keys)})
    found = matches(keys, [(id_, key, detail) for id_, key, detail in holders if id_ != contact_id])
    if found and contact_id is not None:
        dismissed = _dismissed(uow, contact_id)
        found = [match for match in found if match.contact_id not in dismissed]
    return found[:SHOWN]


def duplicates_of_new(uow: UnitOfWork, keys: Keys) -> list[Match]:
    """Return who may be the new contact with these keys, once others who register the same at this moment are done.

    Two requests for the same new person would otherwise not see each other, and both would create it.
    Long lists wait for each other as a whole: a thousand locks taken one by one could end in a deadlock.
    SQLite has one writer at a time anyway.
    """
    waited = [_LISTS] if ".bulk_" in uow.call.method else certain_keys(keys)
    if not keys or not waited or uow.session.get_bind().dialect.name != "postgresql":
        return duplicates_of(uow, keys)
    uow.flush()
    holders = run(uow.session, [(_WAIT, {"waited": waited}), (_HOLDERS, {"keys": list(keys)})])
    return matches(keys, [(id_, key, detail) for id_, key, detail in holders])[:SHOWN]


def described(uow: UnitOfWork, kind: ContactKind, found: Sequence[Match]) -> list[dict[str, object]]:
    """Return the matches as the caller may see them; a hidden one only says that it exists, and whose it is."""
    if not found:
        return []
    model = CLASS_OF[kind]
    ids = [match.contact_id for match in found]
    names = names_of(uow, kind, ids)
    rows = uow.session.execute(sa.select(model.id, model.owner_id).where(model.id.in_(ids)))
    owners = {row.id: row.owner_id for row in rows}
    return [_described(match, names.get(match.contact_id), owners.get(match.contact_id)) for match in found]


def _described(match: Match, name: str | None, owner_id: UUID | None) -> dict[str, object]:
    if name is None:
        return {"hidden": True, "certainty": match.certainty.value, "owner_id": owner_id}
    return {
        "hidden": False,
        "id": match.contact_id,
        "name": name,
        "certainty": match.certainty.value,
        "reasons": sorted(reason.value for reason in match.reasons),
    }


def has_key(column: Any, key: str) -> sa.ColumnElement[bool]:
    """Return the condition that the contact whose id stands in ``column`` is recognised by ``key``."""
    return sa.exists().where(MatchKey.key == key, MatchKey.contact_id == column)


def keep_key(uow: UnitOfWork, contact_id: UUID, key: str, detail: str) -> None:
    """Have a new contact be recognised by ``key``."""
    uow.append(_KEEP, {"contact_id": contact_id, "key": key, "detail": detail})


def keys_on_file(uow: UnitOfWork, contact_id: UUID) -> list[MatchKey]:
    """Return what a contact is recognised by at present."""
    return list(uow.session.scalars(sa.select(MatchKey).where(MatchKey.contact_id == contact_id)))


def dismissals_with(uow: UnitOfWork, contact_id: UUID) -> list[Dismissal]:
    """Return the pairs with this contact that somebody found to be two."""
    return list(
        uow.session.scalars(
            sa.select(Dismissal).where(sa.or_(Dismissal.low_id == contact_id, Dismissal.high_id == contact_id))
        )
    )


def dismissal(uow: UnitOfWork, low_id: UUID, high_id: UUID) -> Dismissal | None:
    """Return that somebody found a pair to be two, or ``None`` where nobody did."""
    return uow.session.get(Dismissal, (low_id, high_id))


def _dismissed(uow: UnitOfWork, contact_id: UUID) -> set[UUID]:
    return {
        dismissal.high_id if dismissal.low_id == contact_id else dismissal.low_id
        for dismissal in dismissals_with(uow, contact_id)
    }
