"""Ready-made requests of the sales service. Override only what the test is about."""

from itertools import count
from typing import Any

_numbers = count(1)

STAGES = [
    {"name": "Contacto", "probability": "10.00", "category": "pipeline"},
    {"name": "Propuesta", "probability": "50.00", "category": "best_case", "entry_criteria": ["person", "amount"]},
    {"name": "Cierre", "probability": "80.00", "category": "commit", "entry_criteria": ["expected_close"]},
]


def pipeline_data(**overrides: Any) -> dict[str, Any]:
    """Return the body that creates the default pipeline, of three stages."""
    return {"name": f"Embudo {next(_numbers)}", "is_default": True, "stages": STAGES, **overrides}


def opportunity_data(**overrides: Any) -> dict[str, Any]:
    """Return the body that opens an opportunity."""
    return {"name": f"Venta {next(_numbers)}", **overrides}


def line_data(**overrides: Any) -> dict[str, Any]:
    """Return the body of a line."""
    return {
        "description": "Torno",
        "quantity": "1.0000",
        "unit_price": {"amount": "100.00", "currency": "EUR"},
        **overrides,
    }


def reason_data(**overrides: Any) -> dict[str, Any]:
    """Return the body of a reason for losing an opportunity."""
    return {"ending": "opportunity", "slug": "price", "name": {"es": "Precio", "en": "Price"}, **overrides}


def euros(amount: str) -> dict[str, str]:
    """Return an amount of euros as it is written in JSON."""
    return {"amount": amount, "currency": "EUR"}


def lead_data(**overrides: Any) -> dict[str, Any]:
    """Return the body of a lead whose person comes with it."""
    number = next(_numbers)
    return {
        "title": f"Quiere un torno {number}",
        "person": {
            "first_name": "Eva",
            "last_name": f"Candidata {number}",
            "emails": [{"address": f"eva{number}@nuevo.example"}],
        },
        "source": "web",
        **overrides,
    }
