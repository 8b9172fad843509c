"""What happened between us and the demo contacts over the past year, and what they are interested in."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from tools.demo.companies import JsonObject

INTERESTS: Final = (
    ("mantenimiento", "Mantenimiento preventivo"),
    ("renovacion-equipos", "Renovación de equipos"),
    ("fibra", "Fibra y comunicaciones"),
    ("nube", "Servicios en la nube"),
    ("ciberseguridad", "Ciberseguridad"),
    ("eficiencia-energetica", "Eficiencia energética"),
    ("formacion", "Formación del personal"),
    ("financiacion", "Financiación y renting"),
    ("logistica", "Logística y reparto"),
    ("facturacion-electronica", "Facturación electrónica"),
)

# Channel, direction, outcome, what is noted, and how many of a hundred interactions are of the kind.
_KINDS: Final = (
    ("phone", "outbound", "reached", "Llamada de seguimiento: repasamos la oferta y queda en confirmarla.", 16),
    ("phone", "outbound", "not_reached", "No contesta; se deja mensaje en el buzón de voz.", 12),
    ("phone", "inbound", "reached", "Llama para preguntar por el plazo de entrega de su pedido.", 9),
    ("email", "inbound", "reached", "Pide presupuesto para ampliar el contrato actual.", 12),
    ("email", "outbound", "reached", "Enviada la propuesta con las condiciones acordadas.", 16),
    ("email", "inbound", "reached", "Pregunta por una factura que no le cuadra.", 6),
    ("visit", "outbound", "reached", "Visita a sus instalaciones; quiere renovar parte de la maquinaria.", 8),
    ("web", "inbound", "reached", "Rellena el formulario de contacto: solicita una demostración.", 6),
    ("whatsapp", "inbound", "reached", "Confirma la cita del jueves.", 7),
    ("letter", "inbound", "reached", "Carta certificada con el contrato firmado.", 2),
    ("chat", "inbound", "reached", "Consulta rápida sobre la garantía.", 4),
    ("social", "inbound", "reached", "Comenta una publicación y pide más información.", 2),
)


def interactions(count: int, people: Sequence[tuple[str, str]], now: datetime, chance: Random) -> Iterator[JsonObject]:
    """Yield what happened within the year before ``now``; ``people`` are pairs of person and company ids.

    Each has a reference of its own, by which a second run finds it recorded.
    """
    # A few people are in touch often, most now and then.
    weights = [1 + 9 * (place % 7 == 0) for place in range(len(people))]
    for number in range(count):
        person_id, company_id = chance.choices(people, weights)[0]
        channel, direction, outcome, summary, _ = chance.choices(_KINDS, [kind[4] for kind in _KINDS])[0]
        before = timedelta(days=chance.randrange(1, 365), minutes=chance.randrange(0, 600))
        yield {
            "person_id": person_id,
            "company_id": company_id,
            "channel": channel,
            "direction": direction,
            "outcome": outcome,
            "summary": summary,
            "occurred_at": (now.replace(hour=18, minute=0, second=0, microsecond=0) - before).isoformat(),
            "reference": reference(number),
        }


def reference(number: int) -> str:
    """Return the reference under which the interaction of that number is recorded."""
    return f"demo-{number:05d}"
