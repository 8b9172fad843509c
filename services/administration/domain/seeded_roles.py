"""The roles that come with the product. What no service offers yet is left out when they are seeded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.administration.domain.access import BASELINE

_CONTACTS: Final = (
    "people",
    "companies",
    "branches",
    "relations",
    "relation-types",
    "interactions",
    "interests",
    "segments",
    "lists",
    "consents",
    "transactions",
    "duplicates",
    "timeline",
    "accounts",
)
_SALES: Final = (
    "campaigns",
    "call-lists",
    "leads",
    "opportunities",
    "pipelines",
    "close-reasons",
    "assignment-rules",
    "exchange-rates",
    "products",
    "quotes",
    "activities",
    "action-plans",
    "territories",
    "teams",
    "targets",
    "forecast",
    "agenda",
)
_SUPPORT: Final = (
    "cases",
    "case-types",
    "workflows",
    "sla-policies",
    "calendars",
    "holiday-sets",
    "services",
    "articles",
    "forums",
    "library",
    "contracts",
    "projects",
    "plans",
    "hours",
    "surveys",
    "improvements",
)
_MESSAGES: Final = (
    "templates",
    "messages",
    "inbox",
    "notification-rules",
    "webhooks",
    "mailboxes",
)
_PLATFORM: Final = (
    "users",
    "groups",
    "roles",
    "api-keys",
    "sessions",
    "parameters",
    "fields",
    "audit",
    "configuration",
    "forms",
    "rules",
)
_PERSONAL: Final = (
    "views",
    "dashboards",
    "searches",
    "preferences",
)
_BUSINESS: Final = (*_CONTACTS, *_SALES, *_SUPPORT, *_MESSAGES)


@dataclass(frozen=True, kw_only=True)
class Seed:
    """One role of the product, described in English and Spanish."""

    name: str
    en: str
    es: str
    permissions: tuple[str, ...]


# Everybody has these anyway; a role that names them shows all that its holders may do.
_OWN: Final = tuple(f"{name}:{scope}" for name, scope in BASELINE.items())


def _all(resources: tuple[str, ...], action: str, scope: str) -> Iterator[str]:
    return (f"{resource}:{action}:{scope}" for resource in resources)


SEEDS: Final = (
    Seed(
        name="administrator",
        en="Everything, customer data included.",
        es="Todo, incluidos los datos de clientes.",
        permissions=("*:*:all",),
    ),
    Seed(
        name="platform-administrator",
        en="Users, groups, roles, keys, settings and the log; no customer data.",
        es="Usuarios, grupos, roles, claves, parámetros y el registro; sin datos de clientes.",
        permissions=tuple(_all(_PLATFORM, "*", "all")),
    ),
    Seed(
        name="supervisor",
        en="All work of the own team and the teams below; sees the users.",
        es="Todo el trabajo de su equipo y de los que están por debajo; ve a los usuarios.",
        permissions=(
            *_all(_BUSINESS, "*", "team"),
            *_all(_CONTACTS, "read", "all"),
            *_OWN,
            *_all(_PERSONAL, "*", "team"),
            "users:read:all",
            "groups:read:all",
        ),
    ),
    Seed(
        name="sales",
        en="Reads all contacts, writes those of the team, own sales work, reads what support does for them.",
        es="Lee todos los contactos, escribe los de su equipo, su propio trabajo comercial y lee lo que hace soporte.",
        permissions=(
            *_all(_CONTACTS, "*", "team"),
            *_all(_CONTACTS, "read", "all"),
            *_all(_SALES, "*", "own"),
            *_all(_SALES, "read", "team"),
            *_all(_SUPPORT, "read", "team"),
            *_OWN,
            *_all(_PERSONAL, "*", "own"),
            "users:read:all",
            "groups:read:all",
        ),
    ),
    Seed(
        name="support",
        en="Reads all contacts, works on cases of the team, writes interactions.",
        es="Lee todos los contactos, trabaja en los casos del equipo y registra interacciones.",
        permissions=(
            *_all(_CONTACTS, "read", "all"),
            # Who talks with customers records what they say about being reached.
            *_all(("people", "companies", "interactions", "consents"), "write", "all"),
            # To supervise is for supervisors, whom workflows may ask for.
            "cases:read:team",
            "cases:write:team",
            *_all(_SUPPORT[1:], "*", "team"),
            *_all(_SALES, "read", "team"),
            *_all(("messages", "inbox"), "*", "team"),
            *_OWN,
            *_all(_PERSONAL, "*", "own"),
            "users:read:all",
            "groups:read:all",
        ),
    ),
    Seed(
        name="telemarketing",
        en="Calls: reads the team's contacts, writes interactions, qualifies own leads.",
        es="Llamadas: lee los contactos del equipo, registra interacciones y califica sus candidatos.",
        permissions=(
            *_all(_CONTACTS, "read", "team"),
            *_all(("people", "interactions", "interests", "consents"), "write", "team"),
            *_all(("leads", "call-lists", "activities"), "*", "own"),
            *_all(("campaigns", "leads", "call-lists"), "read", "team"),
            *_OWN,
            *_all(_PERSONAL, "*", "own"),
        ),
    ),
    Seed(
        name="marketing",
        en="Campaigns, segments, lists, templates and mailings; reads all contacts, records consents.",
        es="Campañas, segmentos, listas, plantillas y envíos; lee todos los contactos y registra consentimientos.",
        permissions=(
            *_all(_CONTACTS, "read", "all"),
            *_all(("segments", "lists", "interests", "campaigns", "call-lists", "templates"), "*", "all"),
            "consents:write:all",
            "messages:*:own",
            *_all(_SALES, "read", "all"),
            *_OWN,
            *_all(_PERSONAL, "*", "own"),
        ),
    ),
    Seed(
        name="reader",
        en="Reads all customer data, changes nothing.",
        es="Lee todos los datos de clientes y no cambia nada.",
        permissions=(*_all(_BUSINESS, "read", "all"), *_OWN, *_all(_PERSONAL, "*", "own")),
    ),
    Seed(
        name="integration",
        en="For programs: reads and writes customer data, reads the event history.",
        es="Para programas: lee y escribe datos de clientes y lee el historial de eventos.",
        permissions=(
            *_all(_BUSINESS, "read", "all"),
            *_all(_BUSINESS, "write", "all"),
            "events:read:all",
            *_OWN,
            "users:read:all",
            "groups:read:all",
        ),
    ),
)
