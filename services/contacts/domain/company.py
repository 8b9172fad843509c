"""A company: an organisation we deal with."""

from typing import ClassVar
from uuid import UUID

from chassis.fields import Count, Day, Logged, Name, ShortText, Slug, Title, Url
from chassis.model import Mapped, column
from contracts.contacts import ContactKind
from services.contacts.domain.base import Model
from services.contacts.domain.contact import Contact
from services.contacts.domain.matching import Keys, company_keys
from services.contacts.domain.tax_id import normal_tax_id


class Company(Contact, Model):
    """A company. ``tax_id`` is its identifier in ``country`` (CIF, VAT number), without punctuation."""

    __tablename__ = "companies"
    resource: ClassVar = "companies"
    kind: ClassVar = ContactKind.COMPANY
    search_fields: ClassVar = ("display_name", "legal_name", "tax_id", "search_words", "city")

    name: Mapped[Logged[Title]] = column(sort_order=2)
    legal_name: Mapped[Logged[ShortText] | None] = column(sort_order=3)
    tax_id: Mapped[Logged[Name] | None] = column(sort_order=4, index=True)
    website: Mapped[Logged[Url] | None] = column(sort_order=5)
    sector: Mapped[Logged[Name] | None] = column(sort_order=6, index=True)
    industry_code: Mapped[Logged[Slug] | None] = column(sort_order=7, doc="NACE, for example.")
    employee_count: Mapped[Logged[Count] | None] = column(sort_order=8)
    founded_on: Mapped[Logged[Day] | None] = column(sort_order=9)

    @property
    def search_words(self) -> str:
        """What else the company is found by: website, addresses and numbers."""
        return " ".join(
            [
                self.website or "",
                *(email.address for email in self.emails),
                *(phone.number for phone in self.phones),
            ]
        )

    def called(self) -> str:
        """Return the name."""
        return self.name

    def profile(self) -> tuple[object, ...]:
        """Return the facts that a complete profile has."""
        return (*super().profile(), self.tax_id, self.website, self.sector, self.employee_count)

    def settle(self) -> None:
        """Bring what follows from other fields up to date; also the written form of the tax identifier."""
        if self.tax_id and self.country:
            self._put("tax_id", normal_tax_id(self.tax_id, self.country))
        super().settle()

    def match_keys(self, _company_ids: list[UUID], /) -> Keys:
        """Return what the company is recognised by; where somebody works does not matter to it."""
        return company_keys(
            name=self.name,
            tax_id=self.tax_id,
            country=self.country or "",
            website=self.website,
            emails=self.emails,
            phones=self.phones,
            addresses=self.addresses,
        )
