"""Ready-made requests and objects of the contacts service. Override only what the test is about."""

from itertools import count
from typing import Any

from services.contacts.domain.company import Company
from services.contacts.domain.person import Person

_numbers = count(1)


def person_data(**overrides: Any) -> dict[str, Any]:
    """Return the body that creates a person who is like nobody else."""
    number = next(_numbers)
    return {
        "first_name": "Ana",
        "last_name": f"Número {number}",
        "emails": [{"address": f"ana{number}@acme.example", "kind": "work"}],
        "phones": [{"number": f"+346{number:08d}", "kind": "mobile"}],
        **overrides,
    }


def company_data(**overrides: Any) -> dict[str, Any]:
    """Return the body that creates a company that is like no other."""
    number = next(_numbers)
    return {"name": f"Talleres {number}, S.L.", "country": "ES", **overrides}


def interaction_data(**overrides: Any) -> dict[str, Any]:
    """Return the body that records an e-mail that somebody sent us."""
    return {"channel": "email", "direction": "inbound", "summary": "Asks for a quote.", **overrides}


def relation_type_data(**overrides: Any) -> dict[str, Any]:
    """Return the body of the relation between a manager and those who report to them."""
    return {
        "slug": "manager",
        "name": {"es": "es responsable de", "en": "is manager of"},
        "inverse_name": {"es": "depende de", "en": "reports to"},
        "from_kind": "person",
        "to_kind": "person",
        **overrides,
    }


def friendship_data() -> dict[str, Any]:
    """Return the body of an informal relation that has no direction."""
    name = {"es": "tiene amistad con", "en": "is a friend of"}
    return relation_type_data(slug="friend", name=name, inverse_name=name, formal=False)


def person(**overrides: Any) -> Person:
    """Build a person that is not saved."""
    return Person(**{"first_name": "Ana", "last_name": "García López", "country": "ES", **overrides})


def company(**overrides: Any) -> Company:
    """Build a company that is not saved."""
    return Company(**{"name": "Acme, S.L.", "country": "ES", **overrides})
