"""Where a contact is reached: e-mail, telephone, post and social networks, each marked valid or not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from chassis.fields import Country, Email, Flag, Name, Phone, ShortText, Slug, Url
from services.contacts.errors import TooManyPrimaries

_NOWHERE: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})


@dataclass(frozen=True, kw_only=True)
class EmailAddress:
    """One e-mail address. An address that is not ``valid`` is kept, and never written to."""

    address: Email
    kind: Slug = "work"
    primary: Flag = False
    valid: Flag = True


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """One telephone number, kept in E.164 (``+34911234567``)."""

    number: Phone
    kind: Slug = "work"
    primary: Flag = False
    valid: Flag = True


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """One postal address; ``region`` is the province, state or county."""

    street: ShortText | None = None
    postcode: Name | None = None
    city: Name | None = None
    region: Name | None = None
    country: Country = "ES"
    kind: Slug = "work"
    primary: Flag = False
    valid: Flag = True


@dataclass(frozen=True, kw_only=True)
class SocialHandle:
    """A contact's name on a social network, such as ``linkedin`` and ``ana-garcia``."""

    network: Slug
    handle: Name
    url: Url | None = None


def leads_nowhere(status: str) -> bool:
    """Whether what a mail server said (RFC 3463) means that there is no such mailbox, now and later.

    Refusals of the message, of its sender or because the mailbox is full say nothing about the address.
    """
    return status in _NOWHERE


class Ranked(Protocol):
    """A way of reaching a contact that may be the primary one."""

    @property
    def primary(self) -> bool: ...

    @property
    def valid(self) -> bool: ...


R = TypeVar("R", bound=Ranked)


def with_primary(ways: Iterable[R], what: str) -> list[R]:
    """Return the ways with exactly one primary, the first valid one unless another is marked.

    Raises ``TooManyPrimaries`` when several are marked; ``what`` names the field in the refusal.
    """
    listed = list(ways)
    marked = sum(way.primary for way in listed)
    if marked > 1:
        raise TooManyPrimaries(what=what)
    if marked == 0 and listed:
        first = next((place for place, way in enumerate(listed) if way.valid), 0)
        listed[first] = replace(listed[first], primary=True)  # type: ignore[type-var]
    return listed


def primary_of(ways: Iterable[R]) -> R | None:
    """Return the primary way, or ``None`` where there is no way at all."""
    return next((way for way in ways if way.primary), None)


def usable(ways: Iterable[R]) -> R | None:
    """Return the way that is used: the primary one if it is valid, or else the first that is; ``None`` without any."""
    return min((way for way in ways if way.valid), key=lambda way: not way.primary, default=None)
