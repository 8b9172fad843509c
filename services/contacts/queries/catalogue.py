"""The small catalogues: link kinds, branches, interests, relation types."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.branch import Branch
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.interest import ContactInterest, Interest
from services.contacts.domain.link_kind import LinkKind
from services.contacts.domain.relation import Relation
from services.contacts.domain.relation_type import RelationType
from services.contacts.errors import BranchIsUnknown, IsSwitchedOff, NameIsTaken, UnknownLinkKind

E = TypeVar("E", LinkKind, Interest, RelationType)

BRANCH_FILTERS = filters_for(Branch, default_sort=("name",))
INTEREST_FILTERS = filters_for(Interest, default_sort=("name",))
LINK_KIND_FILTERS = filters_for(LinkKind, default_sort=("slug",))
RELATION_TYPE_FILTERS = filters_for(RelationType, default_sort=("slug",))


def entries(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of whichever catalogue the page's filters are of."""
    return page.apply(sa.select(page.filters.model), uow.session)


def check_links(uow: UnitOfWork, links: Sequence[str]) -> None:
    """Raise ``UnknownLinkKind`` for a slug that is not, or no longer, in the catalogue."""
    if not links:
        return
    known = uow.session.scalars(
        sa.select(LinkKind.slug).where(LinkKind.slug.in_(sorted(links)), LinkKind.active.is_(True))
    ).all()
    for link in links:
        if link not in known:
            raise UnknownLinkKind(link=link)


def check_branch(uow: UnitOfWork, branch_id: UUID | None) -> None:
    """Raise ``BranchIsUnknown`` unless the branch exists and works."""
    if branch_id is None:
        return
    branch = uow.session.get(Branch, branch_id)
    if branch is None or not branch.active:
        raise BranchIsUnknown(branch_id=str(branch_id))


def check_slug_is_free(uow: UnitOfWork, model: type[E], slug: str) -> None:
    """Raise ``NameIsTaken`` where the catalogue has an entry of that slug."""
    if uow.session.scalar(sa.select(sa.exists().where(model.slug == slug))):
        raise NameIsTaken(name=slug)


def check_code_is_free(uow: UnitOfWork, code: str) -> None:
    """Raise ``NameIsTaken`` where a branch has that code."""
    if uow.session.scalar(sa.select(sa.exists().where(Branch.code == code))):
        raise NameIsTaken(name=code)


def active_interest(uow: UnitOfWork, interest_id: UUID) -> Interest:
    """Return an interest that contacts may have. Raises ``NotFound``, ``IsSwitchedOff``."""
    interest = uow.session.get(Interest, interest_id)
    if interest is None:
        raise NotFound(resource="interests", id=str(interest_id))
    if not interest.active:
        raise IsSwitchedOff(name=interest.name)
    return interest


def active_relation_type(uow: UnitOfWork, type_id: UUID) -> RelationType:
    """Return a relation type that new relations may have. Raises ``NotFound``, ``IsSwitchedOff``."""
    kind = uow.session.get(RelationType, type_id)
    if kind is None:
        raise NotFound(resource="relation-types", id=str(type_id))
    if not kind.active:
        raise IsSwitchedOff(name=kind.slug)
    return kind


def uses_of_interest(uow: UnitOfWork, interest_id: UUID) -> int:
    """Count the contacts with that interest."""
    return _count(uow, sa.select(ContactInterest).where(ContactInterest.interest_id == interest_id))


def uses_of_relation_type(uow: UnitOfWork, type_id: UUID) -> int:
    """Count the relations of that type, ended ones as well."""
    return _count(uow, sa.select(Relation).where(Relation.type_id == type_id))


def uses_of_branch(uow: UnitOfWork, branch_id: UUID) -> int:
    """Count the interactions that took place in that branch."""
    return _count(uow, sa.select(Interaction).where(Interaction.branch_id == branch_id))


def _count(uow: UnitOfWork, rows: "sa.Select[Any]") -> int:
    return uow.session.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0
