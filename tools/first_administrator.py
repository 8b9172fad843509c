"""Gives a new installation its first administrator; the name is the argument, the password comes on stdin."""

import sys

from chassis import settings
from chassis.client import BrokerDown, Client, DeadlineExceeded, RemoteRefusal, ServiceDown
from chassis.clock import epoch_seconds
from chassis.context import SYSTEM

_SECONDS = 15.0


def main(arguments: list[str]) -> int:
    """Create the user; 1 with the service's own sentence when it refuses, 2 for a wrong command line.

    With ``--if-none`` an installation that somebody administers already is no refusal.
    """
    if_none = "--if-none" in arguments
    arguments = [word for word in arguments if word != "--if-none"]
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tools.first_administrator [--if-none] USERNAME  (password on stdin)\n")
        return 2
    username, password = arguments[0], sys.stdin.readline().rstrip("\n")
    known = settings.load()
    client = Client(known.broker_url, name="first administrator")
    headers = {"nameko.actor": SYSTEM.sign(known.secret_key, expires_at=epoch_seconds() + _SECONDS)}
    data = {"username": username, "name": username, "password": password}
    try:
        client.call("administration.create_first_administrator", data=data, headers=headers, timeout=_SECONDS)
    except RemoteRefusal as refusal:
        if if_none and refusal.slug == "administrator-exists":
            return 0
        sys.stderr.write(f"{refusal.detail} {refusal.params or ''}\n")
        return 1
    except (BrokerDown, ServiceDown, DeadlineExceeded) as down:
        sys.stderr.write(f"{down}\n")
        return 1
    finally:
        client.close()
    sys.stdout.write(f"{username} administers this installation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
