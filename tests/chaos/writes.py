"""What clients write, service by service, and the questions whose answers in the database must be what they noted."""

from collections.abc import Callable
from http import HTTPStatus

from tests.chaos.clients import Client

_STEPS = """
    select opportunity_id, count(*) from stage_changes join opportunities o on o.id = opportunity_id
    where source_lead_id is null group by 1
"""
# The questions: in which service's database, and the rows (an id and what the ledger says of it).
QUESTIONS = {
    "people": ("contacts", "select id, coalesce(job_title, '') from people"),
    "interactions": ("contacts", "select id, person_id from interactions"),
    "groups": ("administration", "select id, name from groups"),
    "leads": ("sales", "select id, state from leads"),
    "opportunities of leads": (
        "sales",
        "select source_lead_id, count(*) from opportunities where source_lead_id is not null group by 1",
    ),
    "opportunities": ("sales", "select id, state from opportunities where source_lead_id is null"),
    "steps": ("sales", _STEPS),
    "cases": ("cases", "select id, state from cases where project_id is null"),
    "projects of sales": ("cases", "select opportunity_id, count(*) from projects group by 1"),
    "cases after sales": (
        "cases",
        "select opportunity_id, count(*) from cases join projects on projects.id = project_id group by 1",
    ),
    "entries": ("cases", "select id, case_id from case_entries"),
    "templates": ("notifications", "select id, slug from templates"),
    "webhooks": ("notifications", "select id, status from webhooks"),
}


def person(client: Client) -> None:
    """Put somebody on file."""
    body = {"first_name": "Nombre", "last_name": client.name("Apellido"), "allow_duplicate": True}
    client.ledger.note("people", client.made("people", "/v1/people", body), "")


def job_title(client: Client) -> None:
    """Change somebody."""
    id_, title = client.any_of("people", person), client.name("cambio")
    client.api.change(f"/v1/people/{id_}", {"job_title": title})
    client.ledger.note("people", id_, title)


def interaction(client: Client) -> None:
    """Record that somebody called."""
    id_ = client.any_of("people", person)
    body = {
        "person_id": id_,
        "channel": "phone",
        "direction": "inbound",
        "summary": client.name("llamada"),
        "occurred_at": "2026-01-15T10:00:00Z",
    }
    client.ledger.note("interactions", client.made("interactions", "/v1/interactions", body), _plain(id_))
    client.mine.setdefault("in touch", []).append(id_)


def group(client: Client) -> None:
    """Make a group, or give one another name."""
    name = client.name("Grupo")
    if client.chance.random() < 0.5:
        client.ledger.note("groups", client.made("groups", "/v1/groups", {"name": name}), name)
        return
    id_ = client.any_of("groups", group)
    client.api.change(f"/v1/groups/{id_}", {"name": name})
    client.ledger.note("groups", id_, name)


def lead(client: Client) -> None:
    """Open a lead about somebody who called, with an interest."""
    body = {
        "title": client.name("Candidato"),
        "person_id": client.any_of("in touch", interaction),
        "interests": [client.shared["interest"]],
    }
    client.ledger.note("leads", client.made("leads", "/v1/leads", body), "open")


def qualification(client: Client) -> None:
    """Qualify a lead; where contacts is away it completes by itself."""
    id_ = client.any_of("leads", lead)
    client.mine["leads"].remove(id_)
    client.post(f"/v1/leads/{id_}/qualify")
    client.ledger.note("leads", id_, "qualified")
    client.ledger.also("opportunities of leads", id_, 1)


def opportunity(client: Client) -> None:
    """Open an opportunity."""
    body = {
        "name": client.name("Venta"),
        "person_id": client.any_of("people", person),
        "amount": {"amount": "100.00", "currency": "EUR"},
        "expected_close_on": "2031-01-31",
    }
    id_ = client.made("opportunities", "/v1/opportunities", body)
    client.ledger.note("opportunities", id_, "open")
    client.ledger.also("steps", id_, 1)


def move(client: Client) -> None:
    """Take an opportunity to another stage."""
    id_ = client.any_of("opportunities", opportunity)
    present = client.api.get(f"/v1/opportunities/{id_}")["stage_id"]
    stage = client.chance.choice([each for each in client.shared["stages"] if each != present])
    client.post(f"/v1/opportunities/{id_}/move", {"stage_id": stage})
    client.ledger.note("steps", id_, client.ledger.facts["steps"][id_] + 1)


def win(client: Client) -> None:
    """Win an opportunity."""
    id_ = client.any_of("opportunities", opportunity)
    client.mine["opportunities"].remove(id_)
    client.post(f"/v1/opportunities/{id_}/win")
    client.ledger.note("opportunities", id_, "won")
    client.ledger.also("steps", id_, client.ledger.facts["steps"][id_] + 1)
    for what in ("projects of sales", "cases after sales"):
        client.ledger.also(what, id_, 1)


def case(client: Client) -> None:
    """Open a case."""
    body = {"subject": client.name("Caso"), "person_id": client.any_of("people", person)}
    body["contact_email"] = f"cliente{client.number}-{client.written}@acme.example"
    client.ledger.note("cases", client.made("cases", "/v1/cases", body), "new")


def reply(client: Client) -> None:
    """Answer the customer of a case; it goes out by mail."""
    id_ = client.any_of("cases", case)
    said = client.post(f"/v1/cases/{id_}/replies", {"text": client.name("Respuesta")}, expect=HTTPStatus.CREATED)
    client.ledger.note("entries", said.body["id"], _plain(id_))


def transition(client: Client) -> None:
    """Take a case to another state."""
    id_ = client.any_of("cases", case)
    way, state = {
        "in-progress": ("wait-for-customer", "waiting-customer"),
    }.get(client.ledger.facts["cases"][id_], ("start", "in-progress"))
    client.post(f"/v1/cases/{id_}/transition", {"transition": way})
    client.ledger.note("cases", id_, state)


def template(client: Client) -> None:
    """Write a template."""
    name = client.name("plantilla")
    slug, words = name.replace(" ", "-"), {"es": name, "en": name}
    body = {"slug": slug, "name": name, "subject": words, "text": words}
    client.ledger.note("templates", client.made("templates", "/v1/templates", body), slug)


KINDS: list[tuple[int, Callable[[Client], None]]] = [
    (14, person),
    (10, job_title),
    (12, interaction),
    (8, group),
    (7, lead),
    (5, qualification),
    (6, opportunity),
    (7, move),
    (3, win),
    (8, case),
    (8, reply),
    (7, transition),
    (5, template),
]


def _plain(id_: str) -> str:
    return id_.replace("-", "")
