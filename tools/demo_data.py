"""Fills an installation with demo data: 120 companies and 500 people who look Spanish, and what is sold to them."""

import sys
import time
from typing import Any, Final

from chassis import settings
from chassis.client import Client
from chassis.clock import utc_now
from chassis.context import Actor
from chassis.errors import DomainError, Refusal
from tools.demo import loading, selling
from tools.demo.asking import Asker, BusAsker, ask
from tools.demo.cases import load_cases
from tools.demo.reaching import load_reach
from tools.demo.templates import load_templates
from tools.demo.users import ensure_demo_users

_SELLERS: Final = ("ana", "luis", "marta")


def main() -> int:
    """Load what is missing and say what was new; 1 with a sentence where the installation does not answer."""
    known = settings.load()
    client = Client(known.broker_url, name="demo data")
    began = time.monotonic()
    try:
        asker = BusAsker(client, known.secret_key)
        if known.is_development:
            ensure_demo_users(asker)
        shared = owners(asker)
        new = {
            **vars(loading.load(asker, shared, utc_now())),
            "segments and lists": load_reach(asker, shared),
            **vars(selling.load(asker, shared, utc_now())),
            "cases": load_cases(asker, shared),
            "templates": load_templates(asker),
        }
    except (Refusal, DomainError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    finally:
        client.close()
    told = ", ".join(f"{count} {what}" for what, count in new.items())
    said = f"new: {told}" if any(new.values()) else "nothing was missing"
    sys.stdout.write(f"{said} ({time.monotonic() - began:.1f} s)\n")
    return 0


def owners(asker: Asker) -> list[Actor]:
    """Return the demo users to whom the contacts belong; none where the installation has no such users."""
    users: list[dict[str, Any]] = ask(asker, "administration.list_users", params={"limit": "200"})["items"]
    return [
        Actor.from_dict(
            {
                "user_id": user["id"],
                "name": user.get("name") or user["username"],
                "permissions": {"*:*": "all"},
                "group_id": user.get("group_id"),
                "groups": [user["group_id"]] if user.get("group_id") else [],
            }
        )
        for user in sorted(users, key=lambda user: str(user["username"]))
        if user["username"] in _SELLERS
    ]


if __name__ == "__main__":
    sys.exit(main())
