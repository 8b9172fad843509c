"""What the page behind a link to unsubscribe shows."""

from dataclasses import dataclass

from chassis.fields import Flag
from contracts.consents import Purpose


@dataclass(frozen=True, kw_only=True)
class Unsubscribing:
    """For what purpose the address would get no more messages, and whether it gets none already."""

    purpose: Purpose
    unsubscribed: Flag
