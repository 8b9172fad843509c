"""The lists of this service, by the page, each with what it may be filtered by."""

from typing import Any, Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import Filters, filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.fields import Id, Slug
from chassis.unit_of_work import UnitOfWork
from services.administration.domain.api_key import ApiKey
from services.administration.domain.audit_entry import AuditEntry
from services.administration.domain.custom_field import CustomField
from services.administration.domain.group import Group
from services.administration.domain.membership import GroupRole, Membership, UserRole
from services.administration.domain.parameter import Parameter, ParameterChange
from services.administration.domain.role import Role
from services.administration.domain.session import Session
from services.administration.domain.user import User

T = TypeVar("T")


def _inside(group_id: UUID) -> sa.Select[UUID]:
    """The ids of a group and of every group inside it."""
    tree = sa.select(Group.id).where(Group.id == group_id).cte("inside", recursive=True)
    return sa.select(tree.union(sa.select(Group.id).where(Group.parent_id == tree.c.id)).c.id)


def _members(group_id: UUID) -> sa.ColumnElement[bool]:
    return User.id.in_(sa.select(Membership.user_id).where(Membership.group_id.in_(_inside(group_id))))


def _direct_members(group_id: UUID) -> sa.ColumnElement[bool]:
    return User.id.in_(sa.select(Membership.user_id).where(Membership.group_id == group_id))


USER_FILTERS: Final = filters_for(
    User,
    exclude=["owner_id"],
    default_sort=("username",),
    member_of=where(Id, _members),
    directly_in=where(Id, _direct_members),
    role_id=where(Id, lambda id_: User.id.in_(sa.select(UserRole.user_id).where(UserRole.role_id == id_))),
)
GROUP_FILTERS: Final = filters_for(
    Group,
    exclude=["description"],
    default_sort=("name",),
    inside=where(Id, lambda id_: Group.id.in_(_inside(id_))),
    role_id=where(Id, lambda id_: Group.id.in_(sa.select(GroupRole.group_id).where(GroupRole.role_id == id_))),
)
ROLE_FILTERS: Final = filters_for(Role, exclude=["description"], default_sort=("name",))
API_KEY_FILTERS: Final = filters_for(ApiKey, exclude=["group_id"])
SESSION_FILTERS: Final = filters_for(Session, exclude=["owner_id", "group_id"])
FIELD_FILTERS: Final = filters_for(
    CustomField,
    exclude=["on_resource"],
    sort_as={"resource": CustomField.on_resource.expression},
    default_sort=("resource", "position", "id"),
    resource=where(Slug, lambda name: CustomField.on_resource == name),
)
AUDIT_FILTERS: Final = filters_for(AuditEntry)
PARAMETER_CHANGE_FILTERS: Final = filters_for(ParameterChange)
# Short lists that are not in the database.
WHOLE_LIST: Final = Filters(model=Parameter, by={}, sorts={}, default_sort=())


def users(uow: UnitOfWork, page: PageRequest) -> Page[User]:
    """Return a page of users."""
    return _page(uow, page, User)


def members(uow: UnitOfWork, group_id: UUID, page: PageRequest) -> Page[User]:
    """Return a page of the users in a group, directly or in a group inside it. Raise ``NotFound``."""
    uow.get(Group, group_id)
    inside = sa.select(User).where(_members(group_id))
    return page.apply(uow.scoped(inside, User, permission="users:read"), uow.session)


def groups(uow: UnitOfWork, page: PageRequest) -> Page[Group]:
    """Return a page of groups."""
    return _page(uow, page, Group)


def roles(uow: UnitOfWork, page: PageRequest) -> Page[Role]:
    """Return a page of roles."""
    return _page(uow, page, Role)


def api_keys(uow: UnitOfWork, page: PageRequest) -> Page[ApiKey]:
    """Return a page of API keys."""
    return _page(uow, page, ApiKey)


def sessions(uow: UnitOfWork, page: PageRequest) -> Page[Session]:
    """Return a page of sessions."""
    return _page(uow, page, Session)


def custom_fields(uow: UnitOfWork, page: PageRequest) -> Page[CustomField]:
    """Return a page of custom field definitions."""
    return _page(uow, page, CustomField)


def audit(uow: UnitOfWork, page: PageRequest) -> Page[AuditEntry]:
    """Return a page of the administrative log, the newest line first."""
    return _page(uow, page, AuditEntry)


def parameter_changes(uow: UnitOfWork, page: PageRequest) -> Page[ParameterChange]:
    """Return a page of what happened to parameters, the newest change first."""
    return _page(uow, page, ParameterChange)


def whole(items: list[T], page: PageRequest) -> Page[T]:
    """Return a short list that is always whole, whatever page is asked for."""
    return Page(items, total=len(items) if page.count else None)


def _page(uow: UnitOfWork, page: PageRequest, model: type[Any]) -> Page[Any]:
    return page.apply(uow.scoped(sa.select(model), model), uow.session)
