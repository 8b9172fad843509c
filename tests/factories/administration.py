"""An administration service with somebody to administer it, and ready-made users, groups and roles."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.context import SYSTEM, Actor
from chassis.credentials import hash_secret
from tests.kit.service import TestedService

PASSWORD = "una-frase-larga-7"
GATEWAY = Actor(kind="service", name="gateway")


@dataclass
class Administration:
    """The service with its first administrator, ``admin``, who acts unless a test says otherwise."""

    service: TestedService
    admin: Actor
    admin_id: str

    @classmethod
    def on(cls, service: TestedService) -> "Administration":
        """Make the product's roles and ``admin``."""
        data = {"username": "admin", "name": "Administradora", "password": PASSWORD, "locale": "en"}
        made = service.ask("create_first_administrator", data=data, by=SYSTEM).body
        found = cls(service, SYSTEM, made["id"])
        found.admin = found.signed_in("admin")
        service.actor = found.admin
        return found

    def ask(self, operation: str, *ids: object, **how: Any) -> Any:
        """Return what an operation answers, as ``admin`` unless ``by`` says otherwise."""
        return self.service.ask(operation, *ids, **how).body

    def refused(self, operation: str, *ids: object, **how: Any) -> Any:
        """Return how an operation was refused."""
        return self.service.refused(operation, *ids, **how)

    def role(self, name: str, *permissions: str) -> str:
        """Make a role and return its id."""
        return str(self.ask("create_role", data={"name": name, "permissions": list(permissions)})["id"])

    def group(self, name: str, *, inside: str | None = None, roles: list[str] | None = None, **more: Any) -> str:
        """Make a group and return its id."""
        data = {"name": name, "parent_id": inside, "role_ids": roles or [], **more}
        return str(self.ask("create_group", data=data)["id"])

    def user(self, username: str, **more: Any) -> dict[str, Any]:
        """Make a user who can log in with ``PASSWORD``."""
        data = {"username": username, "name": username.title(), "password": PASSWORD, **more}
        made: dict[str, Any] = self.ask("create_user", data=data)
        return made

    def change_user(self, user_id: str, **changes: Any) -> dict[str, Any]:
        """Change a user as it is now."""
        version = self.ask("get_user", user_id)["version"]
        changed: dict[str, Any] = self.ask("update_user", user_id, data=changes, version=version)
        return changed

    def log_in(self, username: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
        """Open a session and return what the gateway is given."""
        data = {"username": username, "password": password, **more}
        opened: dict[str, Any] = self.ask("log_in", data=data, by=Actor(kind="anonymous"))
        return opened

    def identity(self, secret: str, kind: str = "session") -> dict[str, Any]:
        """Return who presents this secret."""
        data = {"kind": kind, "secret_hash": hash_secret(secret)}
        found: dict[str, Any] = self.ask("identify", data=data, by=GATEWAY)
        return found

    def signed_in(self, username: str, password: str = PASSWORD) -> Actor:
        """Log in and return the actor that the gateway would sign."""
        return Actor.from_dict(self.identity(self.log_in(username, password)["secret"]))


def ids(page: dict[str, Any]) -> list[UUID]:
    """Return the ids on a page."""
    return [UUID(item["id"]) for item in page["items"]]
