"""Steps 3 to 7: a campaign brings a lead, the lead becomes an opportunity, once, and the opportunity is won."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from tools.journey.story import Story, euros, expect, same

AT_ONCE: Final = 50
_OF_THE_SALE: Final = (
    "contacts.contact_created",
    "contacts.interaction_recorded",
    "sales.lead_created",
    "sales.lead_qualified",
    "sales.opportunity_created",
    "sales.opportunity_stage_changed",
    "sales.quote_sent",
    "sales.quote_accepted",
    "sales.opportunity_won",
    "cases.project_created",
    "cases.case_created",
)


def run_campaign(story: Story) -> None:
    """A campaign with a budget and a goal for whoever is in a segment, and it begins."""
    api, today = story.api, _today()
    campaign = api.create(
        "/v1/campaigns",
        {
            "name": f"Fibra para talleres {story.mark}",
            "kind": "email",
            "budget": euros("1500.00"),
            "starts_on": str(today),
            "ends_on": str(today + timedelta(days=30)),
            "goal": {"leads": 1, "won": 1, "income": euros("900.00")},
        },
    )
    story["campaign_id"] = campaign["id"]
    path = f"/v1/campaigns/{campaign['id']}"
    rule = {"field": "last_name", "op": "contains", "value": story.mark}
    segment = api.create("/v1/segments", {"name": f"Talleres {story.mark}", "kind": "person", "filter": rule})
    api.do(f"{path}/members", {"segment_id": segment["id"]})
    members = story.eventually("the segment's people are members", lambda: api.every(f"{path}/members"))
    same("the customer is a member", [each["person_id"] for each in members], [story["person_id"]])
    same("the campaign runs", api.do(f"{path}/activate")["state"], "active")
    story.saw(
        f"{campaign['name']} is active; its member is of the segment {segment['name']}",
        f"{campaign['name']} está activa; su miembro es del segmento {segment['name']}",
    )


def open_lead(story: Story) -> None:
    """The customer asks: a lead of the campaign with an interest, and a real contact on the record."""
    api = story.api
    interest = api.create("/v1/interests", {"slug": f"fibra-{story.mark}", "name": f"Fibra {story.mark}"})
    story["interest_id"] = interest["id"]
    bare = api.create("/v1/leads", {"title": f"Alguien preguntó {story.mark}", "source": "web"})
    refused = api.do(f"/v1/leads/{bare['id']}/qualify", expect=HTTPStatus.CONFLICT)
    same("a lead of nobody is not qualifiable", refused["code"], "not-qualifiable")
    unmet = {each["precondition"] for each in refused["unmet"]}
    same("each unmet precondition is named", unmet, {"person", "real-contact", "interest"})
    reason = _reason(story)
    api.do(f"/v1/leads/{bare['id']}/disqualify", {"reason_id": reason, "note": "Nadie"})

    lead = api.create(
        "/v1/leads",
        {
            "title": f"Fibra para Talleres Lucía {story.mark}",
            "campaign_id": story["campaign_id"],
            "person_id": story["person_id"],
            "company_id": story["company_id"],
            "source": "campaign",
            "interests": [interest["slug"]],
        },
    )
    story["lead_id"] = lead["id"]
    api.create(
        "/v1/interactions",
        {
            "person_id": story["person_id"],
            "channel": "phone",
            "direction": "inbound",
            "summary": "Llama: quiere fibra en el taller y que llegue antes de fin de mes.",
            "occurred_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        },
    )
    story.saw(
        "a lead of nobody was refused (409: person, real-contact, interest); a lead with all three is open",
        "un candidato sin nadie fue rechazado (409: person, real-contact, interest); otro con los tres está abierto",
    )


def qualify_lead(story: Story) -> None:
    """Fifty people press the button at once: one opportunity, fifty equal answers."""
    api, path = story.api, f"/v1/leads/{story['lead_id']}"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: api.do(f"{path}/qualify"), range(AT_ONCE)))
    # Where contacts is away the answer says "qualifying", and the saga completes by itself.
    lead = story.eventually("the lead is qualified", lambda: _when(api.get(path), state="qualified"))
    opportunities = {each["opportunity_id"] for each in answers if each["state"] == "qualified"}
    expect(opportunities <= {lead["opportunity_id"]}, "all answers name one opportunity", opportunities)
    found = api.every("/v1/opportunities", source_lead_id=story["lead_id"])
    same("there is one opportunity", [each["id"] for each in found], [lead["opportunity_id"]])
    story["opportunity_id"] = lead["opportunity_id"]
    api.made.add(lead["opportunity_id"])
    same("the campaign is its primary source", found[0]["campaign_id"], story["campaign_id"])
    story.saw(
        f"{AT_ONCE} calls at once, one opportunity: {found[0]['name']}",
        f"{AT_ONCE} llamadas a la vez, una oportunidad: {found[0]['name']}",
    )


def sell(story: Story) -> None:
    """Lines make the amount, the opportunity moves on, a quote is sent and accepted, and it is won."""
    api, path = story.api, f"/v1/opportunities/{story['opportunity_id']}"
    for description, quantity, price in (("Fibra 1 Gbit/s, alta", "1", "120.00"), ("Router", "2", "390.00")):
        line = {"description": description, "quantity": quantity, "unit_price": euros(price)}
        api.ask("POST", f"{path}/lines", line, expect=HTTPStatus.CREATED)
    opportunity = api.change(path, {"expected_close_on": str(_today() + timedelta(days=10))})
    same("the lines make the amount", opportunity["amount"], euros("900.00"))
    stages = api.get(f"/v1/pipelines/{opportunity['pipeline_id']}")["stages"]
    moved = api.do(f"{path}/move", {"stage_id": stages[-1]["id"]})
    same("it is in the last stage", moved["stage_id"], stages[-1]["id"])

    quote = api.create("/v1/quotes", {"opportunity_id": opportunity["id"], "recipient": "Talleres Lucía"})
    quotes = f"/v1/quotes/{quote['id']}"
    same("the quote was sent", api.do(f"{quotes}/send")["state"], "sent")
    same("the quote was accepted", api.do(f"{quotes}/accept")["state"], "accepted")
    link = api.get(f"{quotes}/pdf")["download"]
    pdf = api.ask("GET", link[link.index("/v1/") :]).body
    expect(pdf.startswith(b"%PDF"), "the quote is a PDF")

    won = api.do(f"{path}/win")
    same("the opportunity is won", won["state"], "won")
    story.saw(
        f"quote {quote['number']} accepted (PDF of {len(pdf) // 1024} kB), 900.00 € won",
        f"oferta {quote['number']} aceptada (PDF de {len(pdf) // 1024} kB), 900,00 € ganados",
    )


def hear_of_the_win(story: Story) -> None:
    """Winning tells: service opens a project and a case after the sale, the owner has a notice, the timeline all."""
    project = _after_sale(story)
    notice = story.eventually("the owner has a notice of the win", lambda: _notices_of_the_win(story))
    same("one notice", len(notice), 1)
    lines = timeline(story, *_OF_THE_SALE)
    story.saw(
        f"a project of {len(project['tasks'])} tasks, the case after the sale, a notice, {len(lines)} timeline lines",
        f"un proyecto de {len(project['tasks'])} tareas, el caso posventa, un aviso, {len(lines)} líneas de historial",
    )


def timeline(story: Story, *wanted: str) -> list[dict[str, Any]]:
    """Return the customer's timeline once it shows these types, such as ``sales.lead_created``."""
    lines: list[dict[str, Any]] = []

    def shows_all() -> bool:
        lines[:] = story.api.every(f"/v1/people/{story['person_id']}/timeline")
        return not missing()

    def missing() -> set[str]:
        return {f"crm.{each}.v1" for each in wanted} - {line["type"] for line in lines}

    story.eventually(lambda: f"the timeline shows {missing()}", shows_all)
    return lines


def _after_sale(story: Story) -> dict[str, Any]:
    """Return the project that the sale opened, having looked at it and at the case after the sale."""
    api, won = story.api, story["opportunity_id"]
    [project] = story.eventually("a project is opened", lambda: api.every("/v1/projects", opportunity_id=won))
    [case] = story.eventually("a case after the sale", lambda: api.every("/v1/cases", project_id=project["id"]))
    api.made |= {project["id"], case["id"]}
    for what in (project, case):
        whose = (what["person_id"], what["company_id"], what["owner_id"])
        same(
            "it is the customer's and the seller's", whose, (story["person_id"], story["company_id"], story["user_id"])
        )
    shown: dict[str, Any] = api.get(f"/v1/projects/{project['id']}")
    return shown


def _notices_of_the_win(story: Story) -> list[dict[str, Any]]:
    about = story.api.every("/v1/messages", channel="in_app", about=f"opportunities/{story['opportunity_id']}")
    return [each for each in about if re.search("ganada|won", each["subject"])]


def _when(record: dict[str, Any], **wanted: Any) -> dict[str, Any] | None:
    return record if all(record[name] == value for name, value in wanted.items()) else None


def _reason(story: Story) -> str:
    reasons = story.api.every("/v1/close-reasons", ending="lead")
    return str(next(each["id"] for each in reasons if each["slug"] == "wrong-data"))


def _today() -> Any:
    return datetime.now(UTC).date()
