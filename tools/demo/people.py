"""The demo people: who works at the demo companies, and how they know each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from stdnum.es import dni

from services.contacts.domain.naming import compare_form
from tools.demo.companies import DemoCompany, JsonObject
from tools.demo.spain import mobile

# Role, department, what the person means for a purchase, and how many of a hundred people have it.
_ROLES: Final = (
    ("Gerente", "Dirección", "decision_maker", 12),
    ("Director comercial", "Ventas", "decision_maker", 8),
    ("Responsable de compras", "Compras", "decision_maker", 14),
    ("Director financiero", "Finanzas", "influencer", 8),
    ("Responsable de informática", "Sistemas", "influencer", 10),
    ("Jefe de producción", "Producción", "influencer", 8),
    ("Administrativo", "Administración", "user", 18),
    ("Técnico de mantenimiento", "Mantenimiento", "user", 10),
    ("Recepcionista", "Administración", "gatekeeper", 6),
    ("Responsable de calidad", "Calidad", "blocker", 6),
)


@dataclass(frozen=True)
class DemoPerson:
    """A person as sent to the API, and the place in the list of companies of the one they work for."""

    body: JsonObject
    email: str
    employer: int
    boss: bool


def demo_people(
    names: Sequence[tuple[str, str]], companies: Sequence[DemoCompany], chance: Random
) -> Iterator[DemoPerson]:
    """Yield one person a name; large companies have more of them, and each company has a boss first."""
    addresses: set[str] = set()
    # Every company has somebody; a fifth of the companies have most of the people.
    weights = [1 + 6 * (place % 5 == 0) for place in range(len(companies))]
    for place, (first, last) in enumerate(names):
        boss = place < len(companies)
        employer = place if boss else chance.choices(range(len(companies)), weights)[0]
        yield _person(first, last, employer, companies[employer], boss=boss, addresses=addresses, chance=chance)


def _person(
    first: str,
    last: str,
    employer: int,
    company: DemoCompany,
    *,
    boss: bool,
    addresses: set[str],
    chance: Random,
) -> DemoPerson:
    role, department, buying_role, _ = _ROLES[0] if boss else chance.choices(_ROLES, [role[3] for role in _ROLES])[0]
    email = _address(first, last, company.domain, addresses)
    number = f"{chance.randrange(10_000_000, 79_999_999):08d}"
    body: JsonObject = {
        "first_name": first,
        "last_name": last,
        "personal_id": number + dni.calc_check_digit(number) if chance.random() < 0.4 else None,  # noqa: PLR2004 - two in five
        "country": "ES",
        "emails": [{"address": email, "kind": "work"}],
        "phones": [{"number": mobile(chance), "kind": "mobile"}],
        "addresses": [
            {
                "street": company.street,
                "postcode": company.postcode,
                "city": company.city.name,
                "region": company.city.province,
                "country": "ES",
            }
        ],
        "links": company.body["links"],
        "language": chance.choices(("es", "ca", "en"), (18, 2, 1))[0],
        "buying_role": buying_role,
        "attitude": chance.choices(("for", "neutral", "against"), (5, 8, 1))[0],
        "influence": chance.randrange(10, 101, 10),
        "source": company.body["source"],
    }
    return DemoPerson(body | {"employment": {"role": role, "department": department}}, email, employer, boss)


def _address(first: str, last: str, domain: str, taken: set[str]) -> str:
    words = compare_form(last).split()
    local = f"{compare_form(first).replace(' ', '')}.{words[0]}"
    tries = [local, f"{local}.{words[1]}", *(f"{local}{number}" for number in range(2, 20))]
    address = next(address for name in tries if (address := f"{name}@{domain}") not in taken)
    taken.add(address)
    return address
