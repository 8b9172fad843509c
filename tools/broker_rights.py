"""What each user of the broker may do: a service, the gateway, a subscriber of another department."""

import re
from dataclasses import dataclass

EXCHANGE = "crm.events"
RPC_EXCHANGE = "nameko-rpc"

# Marks the users that are subscribers, so that no other user is ever changed or removed as one.
SUBSCRIBER = "trato-subscriber"

_FITTING = re.compile(r"[a-z][a-z0-9-]{0,30}")
# `crm.events`, `retry.5s`: whoever were called so could configure what belongs to all.
_TAKEN = frozenset({"crm", "retry", "amq", "gateway", "guest", "trato", "rpc", RPC_EXCHANGE})


@dataclass(frozen=True, slots=True)
class Rights:
    """What one user may configure, write and read, and under which routing keys it may publish events."""

    configure: str
    write: str
    read: str
    publishes: str


def rights_of_service(name: str) -> Rights:
    """Return the rights of a service: its own queues, the retry ladder, its own events.

    Every nameko client declares the RPC exchange, existing or not, for which it must be allowed to configure it.
    """
    own = rf"{name}\.(events|parked)|rpc-{name}"
    return Rights(
        configure=rf"^({RPC_EXCHANGE}|{own})$",
        write=rf"^(crm\.events|{RPC_EXCHANGE}|amq\.default|retry\..+|{own})$",
        read=rf"^(crm\.events|{RPC_EXCHANGE}|{own})$",
        publishes=rf"^crm\.{name}\.",
    )


def rights_of_gateway() -> Rights:
    """Return the rights of the gateway: it asks every service and listens to every event, and tells none."""
    return Rights(
        configure=rf"^({RPC_EXCHANGE}|amq\.gen-.*)$",
        write=rf"^({RPC_EXCHANGE}|amq\.gen-.*)$",
        read=r"^(crm\.events|amq\.gen-.*)$",
        publishes="^$",
    )


def rights_of_subscriber(name: str) -> Rights:
    """Return the rights of a subscriber: it reads events and their history, and has queues and exchanges of its own.

    It may not write to the default exchange, which leads to every queue; it parks by an exchange of its own.
    """
    return Rights(
        configure=rf"^{name}\..+$",
        write=rf"^{name}\..+$",
        read=rf"^(crm\.events|crm\.events\.history|{name}\..+)$",
        publishes="^$",
    )


def may_name_a_subscriber(name: str, services: list[str]) -> bool:
    """Whether a subscriber may be called so: its queues begin with its name, so no part of the suite may share it."""
    return _FITTING.fullmatch(name) is not None and name not in _TAKEN and name not in services
