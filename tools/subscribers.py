"""Broker users of other departments: they read events and can do nothing else.

``python -m tools.subscribers NAME`` where BROKER_URL and BROKER_MANAGEMENT name an administrator, as in the container
``broker-setup``; ``./trato subscriber NAME`` for the broker that the launcher has started.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from tools.broker_management import Management
from tools.broker_rights import SUBSCRIBER, Rights, may_name_a_subscriber, rights_of_subscriber


class Administration(Protocol):
    """A broker, as its administrator sees it."""

    def tags(self) -> dict[str, set[str]]:
        """Return every user with its tags."""

    def make_user(self, name: str, password: str, tag: str, *, known: bool) -> None:
        """Create a user, or give it another password."""

    def grant(self, name: str, rights: Rights) -> None:
        """Give a user these rights and no others."""

    def remove_user(self, name: str) -> None:
        """Remove a user; its connections are closed."""

    def remove_belongings(self, name: str) -> None:
        """Remove the queues and exchanges whose names begin with the user's."""


class NotPossible(Exception):
    """There is a reason why not; ``slug`` is unfit, foreign, known or unknown."""

    def __init__(self, slug: str, sentence: str) -> None:
        super().__init__(sentence)
        self.slug = slug


def listed(broker: Administration) -> list[str]:
    """Return the names of all subscribers."""
    return sorted(name for name, tags in broker.tags().items() if SUBSCRIBER in tags)


def create(broker: Administration, name: str, services: list[str], *, renew: bool = False) -> str:
    """Make a subscriber and return its password, which is kept nowhere; ``renew`` gives an existing one a new one.

    Raises ``NotPossible``.
    """
    if not may_name_a_subscriber(name, services):
        raise NotPossible(
            "unfit", f"{name} cannot name a subscriber: small letters, digits and -, and no part of the suite."
        )
    if _exists(broker, name) is not renew:
        if renew:
            raise NotPossible("unknown", f"There is no subscriber {name}.")
        raise NotPossible("known", f"There is a subscriber {name} already; --renew gives it a new password.")
    password = secrets.token_urlsafe(36).replace("-", "x").replace("_", "y")
    broker.make_user(name, password, SUBSCRIBER, known=renew)
    broker.grant(name, rights_of_subscriber(name))
    return password


def remove(broker: Administration, name: str) -> None:
    """Remove a subscriber with its queues, so that nothing grows for nobody. Raises ``NotPossible``."""
    if not _exists(broker, name):
        raise NotPossible("unknown", f"There is no subscriber {name}.")
    broker.remove_user(name)
    broker.remove_belongings(name)


def url_of(broker_url: str, name: str, password: str) -> str:
    """Return the URL by which a subscriber connects to the broker that an administrator's URL names."""
    parts = urlsplit(broker_url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{name}:{quote(password, safe='')}@{parts.hostname}{port}{parts.path}"


def _exists(broker: Administration, name: str) -> bool:
    tags = broker.tags().get(name)
    if tags is not None and SUBSCRIBER not in tags:
        raise NotPossible("foreign", f"{name} is a user of the broker and no subscriber: choose another name.")
    return tags is not None


def main(arguments: list[str] | None = None) -> int:
    """List, create, renew or remove; print the URL of a subscriber that was made."""
    parser = argparse.ArgumentParser(prog="python -m tools.subscribers", description=__doc__)
    parser.add_argument("name", nargs="?", help="without it, all are listed")
    parser.add_argument("--renew", action="store_true", help="a new password")
    parser.add_argument("--remove", action="store_true", help="with its queues")
    chosen = parser.parse_args(arguments)
    url = os.environ["BROKER_URL"]
    parts = urlsplit(url)
    broker = Management(
        os.environ["BROKER_MANAGEMENT"],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        unquote(parts.path.lstrip("/")),
    )
    try:
        sys.stdout.write(carry_out(broker, url, chosen.name, _services(), renew=chosen.renew, gone=chosen.remove))
    except NotPossible as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"The management API does not do that: {error}\n")
        return 1
    return 0


def carry_out(
    broker: Administration, broker_url: str, name: str | None, services: list[str], *, renew: bool, gone: bool
) -> str:
    """Do what was asked and return what it prints: the list, the URL, or nothing. Raises ``NotPossible``."""
    if name is None:
        return "".join(f"{each}\n" for each in listed(broker))
    if gone:
        remove(broker, name)
        return ""
    return url_of(broker_url, name, create(broker, name, services, renew=renew)) + "\n"


def _services() -> list[str]:
    root = Path(__file__).resolve().parents[1]
    return sorted(found.parent.name for found in root.glob("services/*/service.py"))


if __name__ == "__main__":
    sys.exit(main())
