"""The demo templates: a welcome to new customers, and a reminder of an offer."""

from typing import Any, Final

from tools.demo.asking import Asker, ask

_TEMPLATES: Final[tuple[dict[str, Any], ...]] = (
    {
        "slug": "welcome",
        "name": "Bienvenida",
        "subject": {"es": "Bienvenida, {{ person.first_name }}", "en": "Welcome, {{ person.first_name }}"},
        "text": {
            "es": "Hola, {{ person.first_name }}:\n\nGracias por confiar en nosotros.\n\n{{ seller.name }}",
            "en": "Hello {{ person.first_name }},\n\nThank you for your trust.\n\n{{ seller.name }}",
        },
        "sample": {"person": {"first_name": "Ana"}, "seller": {"name": "Luis Vega"}},
    },
    {
        "slug": "offer-reminder",
        "name": "Recordatorio de oferta",
        "subject": {"es": "Su oferta {{ quote.number }}", "en": "Your offer {{ quote.number }}"},
        "text": {
            "es": "Hola, {{ person.first_name }}:\n\nSu oferta {{ quote.number }} vale hasta {{ quote.valid_until }}.",
            "en": "Hello {{ person.first_name }},\n\nOffer {{ quote.number }} is valid until {{ quote.valid_until }}.",
        },
        "sample": {"person": {"first_name": "Ana"}, "quote": {"number": "OF-2030-0001", "valid_until": "2030-02-01"}},
    },
)


def load_templates(asker: Asker) -> int:
    """Write the demo templates that are missing and return how many were new. Raises ``Refusal``."""
    there = ask(asker, "notifications.list_templates", params={"limit": "200"})["items"]
    known = {template["slug"] for template in there}
    missing = [template for template in _TEMPLATES if template["slug"] not in known]
    for template in missing:
        ask(asker, "notifications.create_template", data=template)
    return len(missing)
