"""Questions about leads, the rules that assign them, and who takes turns."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from chassis import history
from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.fields import AliasedId
from chassis.history import Change
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.assignment_rule import AssignmentRule, RuleTurn
from services.sales.domain.lead import Lead
from services.sales.domain.seller import Seller, SellerGroup

SHOWN = 200
LEAD_FILTERS = filters_for(
    Lead, contact_id=where(AliasedId, lambda id_: sa.or_(Lead.person_id == id_, Lead.company_id == id_))
)
RULE_FILTERS = filters_for(AssignmentRule, default_sort=("position", "id"))
_SELLER = sa.select(Seller).where(Seller.user_id == sa.bindparam("id", type_=sa.Uuid))


def leads(uow: UnitOfWork, page: PageRequest) -> Page[Lead]:
    """Return a page of leads."""
    return page.apply(uow.scoped(sa.select(Lead), Lead), uow.session)


def field_changes(uow: UnitOfWork, lead_id: UUID) -> Sequence[Change]:
    """Return the latest changes of a lead's fields, newest first. Raises ``NotFound`` out of reach."""
    found = uow.get(Lead, lead_id, deleted=True)
    return history.of_record(uow.session, uow.metadata, found.resource, found.id, limit=SHOWN)


def rules(uow: UnitOfWork, page: PageRequest) -> Page[AssignmentRule]:
    """Return a page of rules, in the order in which they are asked."""
    return page.apply(sa.select(AssignmentRule), uow.session)


def active_rules(uow: UnitOfWork) -> Sequence[AssignmentRule]:
    """Return the rules that count, in the order in which they are asked."""
    query = sa.select(AssignmentRule).where(AssignmentRule.active.is_(True))
    return uow.session.scalars(query.order_by(AssignmentRule.position, AssignmentRule.id)).all()


def turn(uow: UnitOfWork, rule_id: UUID) -> RuleTurn:
    """Return whose turn was last by a rule; others who ask wait until this transaction ends."""
    return uow.session.scalars(sa.select(RuleTurn).where(RuleTurn.rule_id == rule_id).with_for_update()).one()


def active_members(uow: UnitOfWork, group_id: UUID) -> Sequence[UUID]:
    """Return the users of a group who may sign in."""
    return uow.session.scalars(
        sa.select(Seller.user_id)
        .join(SellerGroup, SellerGroup.user_id == Seller.user_id)
        .where(SellerGroup.group_id == group_id, Seller.active.is_(True))
    ).all()


def seller(uow: UnitOfWork, user_id: UUID) -> Seller | None:
    """Return what is known of a user, or None where administration has not told of them yet."""
    return uow.session.scalars(_SELLER, {"id": user_id}).one_or_none()
