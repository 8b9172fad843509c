"""Everything a user can do to a list and who is on it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from chassis.errors import NotFound, ValidationFailed
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_list import ContactList
from services.contacts.queries import lists, segments

_NO_SEGMENT: Final = (
    "There is no segment of this kind of contact with that id that you may see.",
    "No hay ningún segmento de este tipo de contacto con ese identificador que usted pueda ver.",
)
_NO_CONTACT: Final = (
    "There is no contact of the list's kind with that id that you may see.",
    "No hay ningún contacto del tipo de la lista con ese identificador que usted pueda ver.",
)


def create_list(uow: UnitOfWork, **attributes: Any) -> ContactList:
    """Begin a list. Raises ``ValidationFailed`` for a segment of another kind, or that the caller may not see."""
    contact_list = ContactList(**attributes)
    _check_segments(uow, contact_list.segment_ids, contact_list.kind)
    return uow.add(contact_list)


def update_list(uow: UnitOfWork, list_id: UUID, changes: Mapping[str, Any]) -> ContactList:
    """Change a list. Raises ``VersionConflict``, and as ``create_list`` for segments that are new to it."""
    contact_list = uow.change(ContactList, list_id)
    known = set(contact_list.segment_ids)
    contact_list.apply(changes)
    _check_segments(uow, contact_list.segment_ids, contact_list.kind, known)
    return contact_list


def delete_list(uow: UnitOfWork, list_id: UUID) -> None:
    """Forget a list; its members stay what they are."""
    uow.remove(uow.change(ContactList, list_id))


def add_members(uow: UnitOfWork, list_id: UUID, contact_ids: Sequence[UUID]) -> dict[str, int]:
    """Put contacts on a list, all or none; who is on it already stays.

    Raises ``NotFound`` and, for contacts of another kind or out of the caller's reach, ``ValidationFailed``.
    """
    contact_list = uow.get(ContactList, list_id, lock=True)
    wanted = set(contact_ids)
    _refuse(uow, "contact_ids", contact_ids, lists.within_reach(uow, contact_list, wanted), _NO_CONTACT)
    new = wanted - lists.picked(uow, list_id, wanted)
    if new:
        lists.pick(uow, list_id, new)
        contact_list.tell_members(added=new)
    return {"added": len(new), "already_members": len(wanted) - len(new)}


def remove_member(uow: UnitOfWork, list_id: UUID, contact_id: UUID) -> None:
    """Take a contact off a list. Raises ``NotFound``, also for one that belongs to it by a segment alone."""
    contact_list = uow.get(ContactList, list_id, lock=True)
    if not lists.drop(uow, list_id, contact_id):
        raise NotFound(resource="list-members", id=str(contact_id))
    contact_list.tell_members(removed=[contact_id])


def _check_segments(
    uow: UnitOfWork, segment_ids: Sequence[UUID], kind: ContactKind, known: set[UUID] | None = None
) -> None:
    if segment_ids:
        right = segments.of_kind(uow, segment_ids, kind) | (known or set())
        _refuse(uow, "segment_ids", segment_ids, right, _NO_SEGMENT)


def _refuse(uow: UnitOfWork, field: str, ids: Sequence[UUID], right: set[UUID], sentences: tuple[str, str]) -> None:
    detail = sentences[uow.call.locale == "es"]
    wrong = [place for place, each in enumerate(ids) if each not in right]
    if wrong:
        raise ValidationFailed([{"pointer": f"/{field}/{place}", "detail": detail} for place in wrong])
