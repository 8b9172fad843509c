"""The demo users: admin, marta (supervisor), ana (sales) and luis (support); for development only."""

import sys
from dataclasses import dataclass
from typing import Any, Final

from chassis import settings
from chassis.client import Client
from chassis.errors import DomainError, Refusal
from tools.demo.asking import Asker, BusAsker, ask

PASSWORD: Final = "trato-demo"  # noqa: S105 - the demonstration's public password
_TOP: Final = "Dirección"


@dataclass(frozen=True)
class DemoUser:
    """Somebody of the demo company; ``role`` is granted to the user, beside what the group gives."""

    username: str
    name: str
    group: str
    role: str | None = None


# The group below the top, and the role that all its members have.
_TEAMS: Final = {"Ventas": "sales", "Soporte": "support"}
_USERS: Final = (
    DemoUser("marta", "Marta Ibáñez", _TOP, role="supervisor"),
    DemoUser("ana", "Ana Otero", "Ventas"),
    DemoUser("luis", "Luis Cordero", "Soporte"),
)


def ensure_demo_users(asker: Asker) -> int:
    """Make the demo users and their groups where they are missing, and return how many were new.

    Raises ``Refusal`` where a service refuses, ``DomainError`` where it does not answer.
    """
    new = _administrator(asker)
    present = {user["username"] for user in _all(asker, "users")}
    if present >= {user.username for user in _USERS}:
        return new
    roles = {role["name"]: role["id"] for role in _all(asker, "roles")}
    groups = {group["name"]: group["id"] for group in _all(asker, "groups")}
    top = groups.get(_TOP) or _made(asker, "group", name=_TOP)
    groups[_TOP] = top
    for team, role in _TEAMS.items():
        if team not in groups:
            groups[team] = _made(asker, "group", name=team, parent_id=top, role_ids=[roles[role]])
    for user in _USERS:
        if user.username not in present:
            _made(
                asker,
                "user",
                username=user.username,
                name=user.name,
                email=f"{user.username}@trato.example",
                password=PASSWORD,
                group_ids=[groups[user.group]],
                role_ids=[roles[user.role]] if user.role else [],
            )
            new += 1
    return new


def main() -> int:
    """Make the demo users of a running installation; 1 with a sentence where it does not answer, 2 in production."""
    known = settings.load()
    if not known.is_development:
        sys.stderr.write("The demo users have a public password: they are made in development only.\n")
        return 2
    client = Client(known.broker_url, name="demo users")
    try:
        new = ensure_demo_users(BusAsker(client, known.secret_key))
    except (Refusal, DomainError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    finally:
        client.close()
    sys.stdout.write(f"new: {new} users\n")
    return 0


def _administrator(asker: Asker) -> int:
    data = {"username": "admin", "name": "Administración", "email": "admin@trato.example", "password": PASSWORD}
    try:
        ask(asker, "administration.create_first_administrator", data=data)
    except Refusal as refusal:
        if refusal.slug != "administrator-exists":
            raise
        return 0
    return 1


def _all(asker: Asker, things: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask(asker, f"administration.list_{things}", params={"limit": "200"})["items"]
    return items


def _made(asker: Asker, thing: str, **data: Any) -> str:
    return str(ask(asker, f"administration.create_{thing}", data=data)["id"])


if __name__ == "__main__":
    sys.exit(main())
