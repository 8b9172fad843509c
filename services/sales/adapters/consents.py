"""Asking contacts whom marketing may reach by a channel."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from chassis.calls import ask
from chassis.context import Actor
from contracts.consents import ConsentChannel, Purpose

# Whether somebody may be reached is a fact, whoever asks.
_US: Final = Actor(kind="service", name="sales")
_SECONDS: Final = 20.0


def refused(person_ids: Collection[UUID], channel: ConsentChannel) -> Mapping[UUID, str | None]:
    """Return for each person on file the rule that refuses marketing by a channel, or ``None``.

    Raises what ``ask`` raises.
    """
    if not person_ids:
        return {}
    data = {"ids": [str(each) for each in person_ids], "channel": channel.value, "purpose": Purpose.MARKETING.value}
    found: list[dict[str, Any]] = ask("contacts.check_consents", data=data, actor=_US, seconds=_SECONDS)
    return {UUID(each["contact_id"]): None if each["allowed"] else str(each["rule"]) for each in found}
