"""By which channel a campaign reaches its members, as its kind says."""

from collections.abc import Mapping
from typing import Final

from contracts.consents import ConsentChannel

_CHANNELS: Final[Mapping[str, ConsentChannel]] = {
    **{channel.value: channel for channel in ConsentChannel},
    "e-mailing": ConsentChannel.EMAIL,
    "emailing": ConsentChannel.EMAIL,
    "newsletter": ConsentChannel.EMAIL,
    "telemarketing": ConsentChannel.PHONE,
    "call": ConsentChannel.PHONE,
    "letter": ConsentChannel.POST,
    "mailing": ConsentChannel.POST,
}


def channel_of(kind: str) -> ConsentChannel | None:
    """Return the channel; ``None`` for campaigns that reach out to nobody by themselves, such as a fair."""
    return _CHANNELS.get(kind)
