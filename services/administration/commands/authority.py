"""Nobody gives or takes over what he does not have, and somebody always remains who administers."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.context import Scope
from chassis.unit_of_work import UnitOfWork
from services.administration.domain import permissions as sets
from services.administration.domain.group import Group
from services.administration.domain.role import Role
from services.administration.domain.user import User
from services.administration.errors import CannotGrantMore, GroupOutOfReach, LastAdministrator
from services.administration.queries import access as access_queries


def demand(uow: UnitOfWork, wanted: sets.Grants) -> None:
    """Raise ``CannotGrantMore`` unless the caller may do everything in ``wanted``."""
    missing = sets.missing(uow.actor.permissions, wanted)
    if missing:
        raise CannotGrantMore(missing=", ".join(missing[:5]) + (" …" if len(missing) > 5 else ""))  # noqa: PLR2004


def demand_roles(uow: UnitOfWork, roles: Iterable[Role]) -> None:
    """Raise ``CannotGrantMore`` unless the caller may do everything that these roles give."""
    demand(uow, sets.widest(sets.grants(role.permissions) for role in roles))


def demand_groups(uow: UnitOfWork, groups: Sequence[Group], scope: Scope | None) -> None:
    """Raise unless the caller may put somebody into these groups.

    Joining hands over the roles that come down to a group. A caller with the scope ``team`` stays within the own
    groups and those below: ``GroupOutOfReach``.
    """
    if scope != "all" and not {group.id for group in groups} <= uow.actor.teams:
        raise GroupOutOfReach
    granted = access_queries.permissions_through(uow.session, [group.id for group in groups])
    demand(uow, sets.widest(map(sets.grants, granted)))


def demand_over(uow: UnitOfWork, user: User) -> None:
    """Raise ``CannotGrantMore`` where the user may do more than the caller: acting on him would take that over."""
    if user.id != uow.actor.user_id:
        demand(uow, access_queries.access_of(uow.session, user.id).permissions)


def keep_administrator(uow: UnitOfWork) -> None:
    """Raise ``LastAdministrator`` where this change leaves nobody who administers users and roles."""
    uow.flush()
    if not access_queries.administrator_remains(uow.session):
        raise LastAdministrator


def ids(records: Iterable[Group | Role]) -> set[UUID]:
    """Return the ids of these records."""
    return {record.id for record in records}
