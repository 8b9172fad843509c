"""Everything a user can do to the catalogues of relation types, link kinds and branches."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.branch import Branch
from services.contacts.domain.link_kind import LinkKind
from services.contacts.domain.relation_type import RelationType
from services.contacts.errors import StillInUse
from services.contacts.queries import catalogue


def create_relation_type(uow: UnitOfWork, **attributes: Any) -> RelationType:
    """Add a relation type. Raises ``NameIsTaken``."""
    catalogue.check_slug_is_free(uow, RelationType, attributes["slug"])
    relation_type = RelationType(**attributes)
    relation_type.settle()
    return uow.add(relation_type)


def update_relation_type(uow: UnitOfWork, type_id: UUID, changes: Mapping[str, Any]) -> RelationType:
    """Rename a relation type or switch it off. Raises ``VersionConflict``, ``NameIsTaken``, ``StillInUse``.

    What it joins, and whether it is formal, stays once relations of the type exist: they were checked against it.
    """
    relation_type = uow.change(RelationType, type_id)
    if changes.get("slug", relation_type.slug) != relation_type.slug:
        catalogue.check_slug_is_free(uow, RelationType, changes["slug"])
    before = relation_type.meaning
    relation_type.apply(changes)
    relation_type.settle()
    if relation_type.meaning != before and (count := catalogue.uses_of_relation_type(uow, type_id)):
        raise StillInUse(count=count)
    return relation_type


def delete_relation_type(uow: UnitOfWork, type_id: UUID) -> None:
    """Delete a relation type. Raises ``StillInUse`` when there are, or were, relations of it."""
    relation_type = uow.change(RelationType, type_id)
    if count := catalogue.uses_of_relation_type(uow, type_id):
        raise StillInUse(count=count)
    uow.remove(relation_type)


def create_link_kind(uow: UnitOfWork, **attributes: Any) -> LinkKind:
    """Add something that a contact may be to us. Raises ``NameIsTaken``."""
    catalogue.check_slug_is_free(uow, LinkKind, attributes["slug"])
    return uow.add(LinkKind(**attributes))


def update_link_kind(uow: UnitOfWork, link_kind_id: UUID, changes: Mapping[str, Any]) -> LinkKind:
    """Rename a link kind or switch it off. Raises ``VersionConflict``."""
    link_kind = uow.change(LinkKind, link_kind_id)
    link_kind.apply(changes)
    return link_kind


def create_branch(uow: UnitOfWork, **attributes: Any) -> Branch:
    """Open a branch. Raises ``NameIsTaken``."""
    catalogue.check_code_is_free(uow, attributes["code"])
    return uow.add(Branch(**attributes))


def update_branch(uow: UnitOfWork, branch_id: UUID, changes: Mapping[str, Any]) -> Branch:
    """Change a branch or switch it off. Raises ``VersionConflict``, ``NameIsTaken``."""
    branch = uow.change(Branch, branch_id)
    if changes.get("code", branch.code) != branch.code:
        catalogue.check_code_is_free(uow, changes["code"])
    branch.apply(changes)
    return branch


def delete_branch(uow: UnitOfWork, branch_id: UUID) -> None:
    """Delete a branch. Raises ``StillInUse`` once interactions took place there."""
    branch = uow.change(Branch, branch_id)
    if count := catalogue.uses_of_branch(uow, branch_id):
        raise StillInUse(count=count)
    uow.remove(branch)
