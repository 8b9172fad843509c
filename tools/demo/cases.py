"""Demo cases: what customers of the demo companies asked for, some answered, some solved, clocks running."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from chassis.context import SYSTEM, Actor
from chassis.errors import Refusal
from tools.demo.asking import Asker, Call, ask

_SEED: Final = 20261123
_CASES: Final = 60
_SUBJECTS: Final = (
    ("incident", "La conexión se corta por las tardes"),
    ("incident", "El router no enciende"),
    ("incident", "No llega el correo desde ayer"),
    ("request", "Cambio de titular del contrato"),
    ("request", "Copia de la factura de octubre"),
    ("request", "Traslado de línea a la oficina nueva"),
    ("order", "Dos líneas móviles más"),
    ("order", "Ampliación a fibra simétrica"),
    ("complaint-billing", "Me han cobrado dos veces"),
    ("complaint-billing", "El descuento acordado no aparece"),
    ("complaint-service", "Llevamos tres días sin servicio"),
    ("complaint-service", "El técnico no se presentó"),
)
_CHANNELS: Final = ("email", "phone", "web", "chat")
_PRIORITIES: Final = ("low", "normal", "normal", "normal", "high", "urgent")
_ANSWER: Final = "Gracias por avisarnos. Lo estamos mirando y le contamos hoy mismo."


def load_cases(asker: Asker, owners: Sequence[Actor]) -> int:
    """Register the demo cases of people who are on file, shared out among ``owners``; returns how many were new.

    Where there are cases already nothing happens. Raises ``Refusal``.
    """
    if ask(asker, "cases.list_cases", params={"limit": "1"})["items"]:
        return 0
    chance = Random(_SEED)  # noqa: S311 - made-up data, always the same
    people = ask(asker, "contacts.list_people", params={"limit": "200", "sort": "id"})["items"]
    types = {each["slug"]: each["id"] for each in ask(asker, "cases.list_case_types", params={"limit": "200"})["items"]}
    calls = [
        Call("cases.create_case", data=_case(chance, chance.choice(people), types), by=owner)
        for owner in (chance.choice(owners or [SYSTEM]) for _ in range(_CASES))
        if people
    ]
    made = [_answered(answer) for answer in asker.ask_all(calls)]
    replies = [Call("cases.reply_to_case", (each["id"],), data={"text": _ANSWER}) for each in made[::3]]
    solved = {"transition": "resolve", "solution": "Resuelto en la primera llamada."}
    resolutions = [Call("cases.transition_case", (each["id"],), data=solved) for each in made[::5]]
    for batch in (replies, resolutions):
        for answer in asker.ask_all(batch):
            _answered(answer)
    return len(made)


def _case(chance: Random, person: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    slug, subject = chance.choice(_SUBJECTS)
    employments = person.get("employments") or [{}]
    emails = person.get("emails") or [{}]
    return {
        "subject": subject,
        "description": f"{person['display_name']}: {subject.lower()}.",
        "type_id": types.get(slug),
        "person_id": person["id"],
        "company_id": employments[0].get("company_id"),
        "contact_email": emails[0].get("address"),
        "channel": chance.choice(_CHANNELS),
        "priority": chance.choice(_PRIORITIES),
    }


def _answered(answer: Any) -> dict[str, Any]:
    if isinstance(answer, Refusal):
        raise answer
    found: dict[str, Any] = answer
    return found
