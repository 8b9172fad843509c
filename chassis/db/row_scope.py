"""Which rows of a model a caller reaches, as conditions in SQL."""

from typing import Any

import sqlalchemy as sa

from chassis.context import Actor, Scope
from chassis.db.several import Several, among
from chassis.errors import PermissionDenied
from chassis.model import Model, Owned, SoftDeleted


def scope_of(model: type[Model], actor: Actor, permission: str | None) -> Scope:
    """Return how far ``actor`` reaches among the rows of ``model``. Raise ``PermissionDenied``.

    Without a permission every row is reached: only public and internal operations are declared so.
    """
    if permission is None or not issubclass(model, Owned):
        return "all"
    scope = actor.scope(permission)
    if scope is None:
        raise PermissionDenied(permission=permission)
    return scope


def values_of(scope: Scope, actor: Actor) -> dict[str, Any]:
    """Return the values of the parameters in ``conditions``."""
    return {} if scope == "all" else {"me": actor.user_id, "teams": actor.teams}


def conditions(
    model: type[Model], scope: Scope, actor: Actor | None = None, *, deleted: bool = False
) -> list[sa.ColumnElement[bool]]:
    """Return what a row must be to be within reach; ``deleted`` lets rows from the bin pass.

    Without an ``actor`` the parameters are left open, for a statement that is prepared for everybody.
    """
    found: list[Any] = []
    if not deleted and issubclass(model, SoftDeleted):
        found.append(model.deleted_at.is_(None))
    if scope != "all":
        assert issubclass(model, Owned), f"{model.__name__} belongs to nobody"
        values = values_of(scope, actor) if actor else {}
        mine = model.owner_id == sa.bindparam("me", values.get("me"), type_=sa.Uuid)
        teams = sa.bindparam("teams", values.get("teams", ()), type_=Several)
        found.append(mine if scope == "own" else mine | among(model.group_id, teams))
    return found
