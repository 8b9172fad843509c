"""Who of a message's recipients may get it, decided when it goes; and who wants no more of them."""

from dataclasses import dataclass
from uuid import UUID

from chassis import aliases, settings
from chassis.clock import utc_now
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.consents import NOTHING_SAID, ConsentChannel, ConsentState, Purpose, address_key, strictest, verdict
from contracts.contacts import ConsentChanged, ContactKind
from services.notifications.adapters import unsubscribe_links
from services.notifications.adapters.unsubscribe_links import Ticket
from services.notifications.domain.consent_level import is_stale, is_to_ask
from services.notifications.domain.message import Message, Problem
from services.notifications.domain.unsubscribing import Unsubscribing
from services.notifications.queries import consents

EMAIL = ConsentChannel.EMAIL
_OPTIONAL = {Purpose.MARKETING, Purpose.SURVEY}
_RESOURCES = {ContactKind.PERSON: "people", ContactKind.COMPANY: "companies"}


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How old it is what is known of consents. ``heard`` is set where contacts is to be asked whether it is all."""

    stale: bool
    heard: int | None = None


def hear_consent(uow: UnitOfWork, event: ConsentChanged, sequence: int) -> None:
    """Remember what contacts tells of a consent; told again, or late, it changes nothing."""
    found = consents.told_as(uow, event.consent_id)
    if found is None:
        found = consents.known(uow, _holder(event), event.channel, event.purpose)
    found.hear(event, sequence)


def refusals(uow: UnitOfWork, message: Message) -> list[Problem]:
    """Return which recipients may not get a message, each with the rule that refuses."""
    keys = {address: _key(address) for address in message.recipients}
    contact = _names_of(uow, message.contact)
    known = consents.standings(uow, {*keys.values(), *contact}, EMAIL, message.purpose)
    said_itself = strictest(known[each] for each in contact if each in known)
    found, now = [], utc_now()
    for address, key in keys.items():
        # Who is copied in is somebody else than the contact.
        own = said_itself if address in message.to else NOTHING_SAID
        said = verdict(message.purpose, own, known.get(key, NOTHING_SAID))
        if not said.allowed:
            found.append(Problem(address=address, code=said.rule.value, said="", at=now))
    return found


def freshness(uow: UnitOfWork) -> Freshness:
    """Return how old it is what is known of consents, and whether contacts should be asked now."""
    now = utc_now()
    level_at, asked_at = consents.level(uow)
    return Freshness(stale=is_stale(level_at, now), heard=consents.heard(uow) if is_to_ask(asked_at, now) else None)


def link_for(message: Message) -> str | None:
    """Return the link by which the one recipient of marketing or a survey wants no more of it; none for other mails."""
    if message.purpose not in _OPTIONAL or len(message.recipients) != 1:
        return None
    [address] = message.recipients
    ticket = Ticket(address_key=_key(address), purpose=message.purpose, message_id=message.id)
    return unsubscribe_links.link(ticket, settings.load())


def unsubscribing(uow: UnitOfWork, token: str) -> Unsubscribing:
    """Return what a link is about; looking changes nothing. Raises ``NotFound``."""
    ticket = _ticket(token)
    said = consents.standings(uow, [ticket.address_key], EMAIL, ticket.purpose).get(ticket.address_key, NOTHING_SAID)
    return Unsubscribing(
        purpose=ticket.purpose, unsubscribed=said.state in {ConsentState.OPTED_OUT, ConsentState.OBJECTED}
    )


def unsubscribe(uow: UnitOfWork, token: str) -> Unsubscribing:
    """Opt the address of a link out of its purpose; done again it changes nothing. Raises ``NotFound``."""
    ticket = _ticket(token)
    message = uow.session.get(Message, ticket.message_id)
    person_id: UUID | None = message.person_id if message else None
    known = consents.known(uow, ticket.address_key, EMAIL, ticket.purpose)
    known.unsubscribe(utc_now(), ticket.message_id, person_id)
    return Unsubscribing(purpose=ticket.purpose, unsubscribed=True)


def _holder(event: ConsentChanged) -> str:
    if event.address_key is not None:
        return event.address_key
    assert event.kind is not None, "a consent is of a contact or of an address"
    return f"{_RESOURCES[event.kind]}/{event.contact_id}"


def _names_of(uow: UnitOfWork, contact: str | None) -> list[str]:
    """Return how consents name a contact, by the ids of the records merged into it as well."""
    if contact is None:
        return []
    resource, _, id_ = contact.partition("/")
    return [f"{resource}/{each}" for each in aliases.family_of(uow.session, uow.metadata, UUID(id_))]


def _key(address: str) -> str:
    key = address_key(EMAIL, address)
    assert key is not None, "mail addresses have keys"
    return key


def _ticket(token: str) -> Ticket:
    ticket = unsubscribe_links.read(token)
    if ticket is None:
        raise NotFound(resource="unsubscribe", id="")
    return ticket
