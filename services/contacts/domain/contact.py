"""What people and companies have in common: how they are reached, what links them to us, how they tell of changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from chassis.fields import (
    Count,
    Country,
    Day,
    Id,
    LocaleCode,
    Logged,
    LongText,
    Name,
    ReadOnly,
    ShortText,
    Slug,
    TimeZoneName,
    values,
)
from chassis.model import Aggregate, CustomFields, Mapped, Owned, SoftDeleted, column
from contracts.consents import ConsentChannel, address_key
from contracts.contacts import (
    AddressInvalidated,
    ContactCreated,
    ContactDeleted,
    ContactKind,
    ContactLanguageChanged,
    ContactRestored,
    ContactUpdated,
)
from services.contacts.domain.matching import Keys
from services.contacts.domain.reach import (
    EmailAddress,
    PhoneNumber,
    PostalAddress,
    SocialHandle,
    primary_of,
    with_primary,
)


class Contact(Owned, SoftDeleted, CustomFields, Aggregate):
    """A person or a company, however it is linked with us: customer, supplier, several at once."""

    kind: ClassVar[ContactKind]
    canonical_id: ClassVar[UUID | None] = None  # shown where a contact answers for one that was merged into it

    display_name: Mapped[ReadOnly[ShortText]] = column(default="", index=True, sort_order=1)
    country: Mapped[Logged[Country] | None] = column(sort_order=10, doc="Whose tax identifier it has.")
    language: Mapped[Logged[LocaleCode] | None] = column(sort_order=11)
    time_zone: Mapped[Logged[TimeZoneName] | None] = column(sort_order=12)
    links: Mapped[Logged[list[Slug]]] = values(Slug, most=20, sort_order=13)
    emails: Mapped[Logged[list[EmailAddress]]] = values(EmailAddress, most=20, sort_order=20)
    phones: Mapped[Logged[list[PhoneNumber]]] = values(PhoneNumber, most=20, sort_order=21)
    addresses: Mapped[Logged[list[PostalAddress]]] = values(PostalAddress, most=20, sort_order=22)
    social: Mapped[Logged[list[SocialHandle]]] = values(SocialHandle, most=20, sort_order=23)
    source: Mapped[Logged[Slug] | None] = column(sort_order=30, doc="Where the contact came from.")
    branch_id: Mapped[Logged[Id] | None] = column(index=True, sort_order=31)
    notes: Mapped[Logged[LongText] | None] = column(sort_order=32)
    # Of the primary address, so that lists can show, filter and sort by them.
    city: Mapped[ReadOnly[Name] | None] = column(index=True, sort_order=40)
    region: Mapped[ReadOnly[Name] | None] = column(sort_order=41)
    postcode: Mapped[ReadOnly[Name] | None] = column(sort_order=42)
    last_contact_on: Mapped[ReadOnly[Day] | None] = column(
        index=True, sort_order=43, doc="The last day on which the contact really took part in an interaction."
    )
    completeness: Mapped[ReadOnly[Count]] = column(default=0, sort_order=44, doc="Of the profile, in percent.")

    if TYPE_CHECKING:

        def apply(self, changes: Mapping[str, Any]) -> None:
            """Set what a patch changes; every mapped class has it."""

    def called(self) -> str:
        """Return what the contact is called in lists and by other services."""
        raise AssertionError("each kind of contact says what it is called")

    def profile(self) -> tuple[object, ...]:
        """Return the facts that a complete profile has."""
        return (self.emails, self.phones, self.addresses, self.links, self.language, self.country)

    def match_keys(self, company_ids: list[UUID], /) -> Keys:
        """Return what the contact is recognised by; ``company_ids`` are those a person works for."""
        raise AssertionError(f"{type(self).__name__} does not say what it is recognised by, also at {company_ids}")

    def register(self) -> None:
        """Complete a new contact and tell of it. Raises the refusals of ``settle``."""
        self.settle()
        self.record(
            ContactCreated(contact_id=self.id, kind=self.kind, display_name=self.display_name, links=list(self.links))
        )
        if self.language is not None:
            self.tell_language()

    def change(self, changes: Mapping[str, Any]) -> set[str]:
        """Apply a patch and tell which fields it changed; returns their names. Raises the refusals of ``settle``."""
        before = {name: getattr(self, name) for name in changes}
        self.apply(changes)
        self.settle()
        changed = {name for name, old in before.items() if getattr(self, name) != old}
        if changed:
            self.record(
                ContactUpdated(
                    contact_id=self.id,
                    kind=self.kind,
                    display_name=self.display_name,
                    links=list(self.links),
                    changed=sorted(changed),
                )
            )
        if "language" in changed:
            self.tell_language()
        return changed

    def tell_language(self) -> None:
        """Tell in which language the contact is written to from now on."""
        self.record(ContactLanguageChanged(contact_id=self.id, kind=self.kind, language=self.language))

    def invalidate_email(self, address: str, status: str) -> bool:
        """Note that an e-mail address leads nowhere, and tell; returns whether it was thought good."""
        wanted = address.casefold()
        known = [replace(each, valid=False) if each.address.casefold() == wanted else each for each in self.emails]
        if not self.change({"emails": known}):
            return False
        key = address_key(ConsentChannel.EMAIL, address)
        assert key is not None, "mail addresses have keys"
        self.record(
            AddressInvalidated(
                contact_id=self.id, kind=self.kind, channel=ConsentChannel.EMAIL, address_key=key, status=status
            )
        )
        return True

    def tell_deleted(self) -> None:
        """Tell that the contact goes to the bin."""
        self.record(ContactDeleted(contact_id=self.id, kind=self.kind, display_name=self.display_name))

    def come_back(self) -> None:
        """Leave the bin, and tell of it; nothing happens to a contact that is not in it."""
        if self.is_deleted:
            self.restore()
            self.record(
                ContactRestored(
                    contact_id=self.id, kind=self.kind, display_name=self.display_name, links=list(self.links)
                )
            )

    def settle(self) -> None:
        """Bring what follows from other fields up to date.

        Raises ``TooManyPrimaries`` or, for a wrong check digit, ``TaxIdIsWrong``.
        """
        self._put("emails", with_primary(self.emails, "emails"))
        self._put("phones", with_primary(self.phones, "phones"))
        self._put("addresses", with_primary(self.addresses, "addresses"))
        self._put("links", list(dict.fromkeys(self.links)))
        home = primary_of(self.addresses)
        self._put("city", home and home.city)
        self._put("region", home and home.region)
        self._put("postcode", home and home.postcode)
        self._put("display_name", self.called()[:255])
        facts = self.profile()
        self._put("completeness", round(100 * sum(map(bool, facts)) / len(facts)))

    def _put(self, name: str, value: object) -> None:
        """Set an attribute only when it changes, so that an untouched field is not written."""
        if getattr(self, name) != value:
            setattr(self, name, value)
