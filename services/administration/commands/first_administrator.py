"""How an installation gets the administrator who makes all others."""

from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.administration.commands.roles import seed_roles
from services.administration.commands.users import create_user
from services.administration.domain.user import User
from services.administration.errors import AdministratorExists
from services.administration.queries import access as access_queries
from services.administration.queries import roles as role_queries


def create_first_administrator(uow: UnitOfWork, prepared: str | None, **data: Any) -> User:
    """Make the product's roles and a user who holds ``administrator``.

    Raises ``AdministratorExists`` where somebody administers already.
    """
    seed_roles(uow)
    uow.flush()
    if access_queries.administrator_remains(uow.session):
        raise AdministratorExists
    role = role_queries.named(uow.session, "administrator")
    assert role is not None, "the product's roles were just made"
    return create_user(uow, prepared, **{**data, "role_ids": [role.id]})
