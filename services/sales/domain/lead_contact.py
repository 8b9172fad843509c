"""The person and the company of a lead that are not on file yet, as far as we know them."""

from dataclasses import dataclass, field

from chassis.fields import Country, Email, LocaleCode, Name, Phone, ShortText, Slug, Url


@dataclass(frozen=True, kw_only=True)
class LeadEmail:
    """One e-mail address."""

    address: Email
    kind: Slug = "work"


@dataclass(frozen=True, kw_only=True)
class LeadPhone:
    """One telephone number."""

    number: Phone
    kind: Slug = "work"


@dataclass(frozen=True, kw_only=True)
class LeadPerson:
    """A person as a lead brings them."""

    first_name: Name
    last_name: Name | None = None
    job_title: ShortText | None = None
    emails: list[LeadEmail] = field(default_factory=list)
    phones: list[LeadPhone] = field(default_factory=list)
    country: Country | None = None
    language: LocaleCode | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name or ''}".strip()


@dataclass(frozen=True, kw_only=True)
class LeadCompany:
    """A company as a lead brings it."""

    name: ShortText
    tax_id: Name | None = None
    country: Country | None = None
    website: Url | None = None
    sector: Name | None = None
    emails: list[LeadEmail] = field(default_factory=list)
    phones: list[LeadPhone] = field(default_factory=list)
