"""Whom the demo company may reach: segments, a list, and what some people said about it; always the same ones."""

from collections.abc import Sequence
from typing import Any, Final

from chassis.context import SYSTEM, Actor
from tools.demo.asking import Asker, Call, answers_of, ask

_SEGMENTS: Final = (
    ("Clientes de Madrid", "person", {"field": "city", "op": "eq", "value": "Madrid"}),
    ("Sin contacto en 90 días", "person", {"field": "days_since_contact", "op": "gte", "value": 90}),
    ("Empresas de más de 50 empleados", "company", {"field": "employee_count", "op": "gt", "value": 50}),
)
_LIST: Final = "Boletín de novedades"
_LISTED: Final = 12
_SAID: Final = 16
_PROOF: Final = {"source": "formulario-web", "text_version": "2026-05", "ip": "192.0.2.7"}
_WORDS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("email", {"state": "opted_in", "basis": "consent", "proof": _PROOF}),
    ("phone", {"state": "unknown", "basis": "legitimate_interest"}),
    ("email", {"state": "opted_out"}),
    ("phone", {"state": "objected"}),
)


def load_reach(asker: Asker, owners: Sequence[Actor]) -> int:
    """Load segments, a list and consents; return how many segments and lists were new. Raises ``Refusal``."""
    by = owners[0] if owners else SYSTEM
    if ask(asker, "contacts.list_lists", params={"name": _LIST})["items"]:
        return 0
    people = ask(asker, "contacts.list_people", params={"limit": str(_SAID), "sort": "id"})["items"]
    said = [
        Call("contacts.set_person_consent", (person["id"], channel, "marketing"), data=words, by=by)
        for person, (channel, words) in zip(people, _WORDS * len(people), strict=False)
    ]
    answers_of(asker, said)
    known = {
        each["name"]: each["id"] for each in ask(asker, "contacts.list_segments", params={"limit": "200"})["items"]
    }
    new = [
        Call("contacts.create_segment", data={"name": name, "kind": kind, "filter": tree}, by=by)
        for name, kind, tree in _SEGMENTS
        if name not in known
    ]
    known |= {each["name"]: each["id"] for each in answers_of(asker, new)}
    # The list comes last: it says that everything before it is there.
    data = {"name": _LIST, "segment_ids": [known[_SEGMENTS[0][0]]]}
    listed = ask(asker, "contacts.create_list", data=data, by=by)
    members = {"contact_ids": [person["id"] for person in people[:_LISTED]]}
    ask(asker, "contacts.add_list_members", listed["id"], data=members, by=by)
    return len(new) + 1
