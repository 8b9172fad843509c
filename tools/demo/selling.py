"""What the demo company sells: campaigns, leads, opportunities, quotes and activities; always the same ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from chassis.context import SYSTEM, Actor
from chassis.errors import Refusal
from tools.demo.asking import Asker, Call, ask
from tools.demo.happenings import INTERESTS

_SEED: Final = 20261123
_CAMPAIGNS: Final = (
    ("Renovación de maquinaria", "telemarketing", "retention", "18000.00", 60),
    ("Fibra para el polígono", "email", "acquisition", "9500.00", 30),
    ("Feria de la industria", "event", "acquisition", "26000.00", -20),
)
_GOODS: Final = (
    ("Torno de control numérico", "18500.00"),
    ("Contrato de mantenimiento anual", "3200.00"),
    ("Instalación de fibra", "1450.00"),
    ("Auditoría energética", "2900.00"),
    ("Licencia de facturación electrónica", "480.00"),
    ("Curso de formación, por persona", "210.00"),
)
_SOURCES: Final = ("web", "telemarketing", "fair", "referral")
_SUBJECTS: Final = (
    "Llamar para cerrar fecha",
    "Visita a sus instalaciones",
    "Enviar la documentación",
    "Revisar la oferta",
)


@dataclass(frozen=True)
class SalesSize:
    """How much there is of everything."""

    leads: int = 40
    opportunities: int = 60
    members: int = 60
    activities: int = 40


@dataclass
class Sold:
    """How many records were new."""

    campaigns: int = 0
    leads: int = 0
    qualified: int = 0
    opportunities: int = 0
    quotes: int = 0
    activities: int = 0

    @property
    def anything(self) -> bool:
        """Whether the run changed anything."""
        return any(vars(self).values())


def load(asker: Asker, owners: Sequence[Actor], now: datetime, size: SalesSize | None = None) -> Sold:
    """Load the demo sales, about the people on file, and return how many records were new.

    Deterministic but for the dates, which lie around ``now``. What an earlier run made stays as it is. Raises
    ``Refusal``.
    """
    size, owners, sold = size or SalesSize(), owners or [SYSTEM], Sold()
    if ask(asker, "sales.list_campaigns", params={"name": _CAMPAIGNS[-1][0]})["items"]:
        return sold
    chance, today = Random(_SEED), now.date()  # noqa: S311 - made-up data, always the same
    people = ask(asker, "contacts.list_people", params={"limit": "200", "sort": "id"})["items"]
    campaigns = _campaigns(asker, owners, people[: size.members], today, sold)
    _leads(asker, owners, people, campaigns, today, size.leads, chance, sold)
    _opportunities(asker, owners, people, campaigns, today, size.opportunities, chance, sold)
    plans = [
        Call("sales.create_activity", data=_activity(people[number % len(people)], now, number), by=_of(owners, number))
        for number in range(size.activities)
    ]
    sold.activities = len(_done(asker, plans))
    return sold


def _campaigns(
    asker: Asker, owners: Sequence[Actor], people: Sequence[dict[str, Any]], today: date, sold: Sold
) -> list[str]:
    made = []
    for place, (name, kind, objective, budget, ends_in) in enumerate(_CAMPAIGNS):
        body = {
            "name": name,
            "kind": kind,
            "objective": objective,
            "budget": {"amount": budget, "currency": "EUR"},
            "actual_cost": {"amount": budget, "currency": "EUR"} if ends_in < 0 else None,
            "starts_on": str(today - timedelta(days=60)),
            "ends_on": str(today + timedelta(days=ends_in)),
            "goal": {"leads": 25, "opportunities": 12, "won": 6, "income": {"amount": "60000.00", "currency": "EUR"}},
        }
        id_ = ask(asker, "sales.create_campaign", data=body, by=_of(owners, place))["id"]
        members = {"person_ids": [person["id"] for person in people[place::2]]}
        _done(
            asker, [Call("sales.add_campaign_members", (id_,), data=members), Call("sales.activate_campaign", (id_,))]
        )
        made.append(id_)
    answered = [
        Call("sales.campaign_member_responded", (made[0], person["id"]), data={}) for person in people[0::2][:12]
    ]
    _done(asker, answered)
    sold.campaigns = len(made)
    return made


def _leads(  # noqa: PLR0917 - what the leads are made of
    asker: Asker,
    owners: Sequence[Actor],
    people: Sequence[dict[str, Any]],
    campaigns: Sequence[str],
    today: date,
    count: int,
    chance: Random,
    sold: Sold,
) -> None:
    interests = [slug for slug, _ in INTERESTS]
    items = []
    for number in range(count):
        person = chance.choice(people)
        items.append(
            {
                "title": f"{person['display_name']}: {chance.choice(INTERESTS)[1].lower()}",
                "person_id": person["id"],
                "company_id": _company(person),
                "source": chance.choice(_SOURCES),
                "campaign_id": chance.choice([*campaigns, None]),
                "interests": chance.sample(interests, 2),
                "next_action": "Llamar",
                "next_action_on": str(today + timedelta(days=chance.randrange(-3, 15))),
                "owner_id": _id(_of(owners, number)),
            }
        )
    [answer] = _done(asker, [Call("sales.bulk_create_leads", data={"items": items}, by=_of(owners, 0))])
    ids = [result["id"] for result in answer["items"]]
    sold.leads = len(ids)
    reasons = _reasons(asker, "lead")
    # Some had no real contact yet and are refused; that is what a list of leads looks like.
    asked = asker.ask_all([Call("sales.qualify_lead", (id_,), data={}, by=_of(owners, 0)) for id_ in ids[: count // 3]])
    sold.qualified = sum(not isinstance(answer, Refusal) for answer in asked)
    given_up = [
        {
            "reason_id": reasons[place % len(reasons)],
            "nurture_until": str(today + timedelta(days=90)) if place % 2 else None,
        }
        for place in range(count // 8)
    ]
    _done(
        asker,
        [Call("sales.disqualify_lead", (id_,), data=data) for id_, data in zip(reversed(ids), given_up, strict=False)],
    )


def _opportunities(  # noqa: PLR0917 - what the opportunities are made of
    asker: Asker,
    owners: Sequence[Actor],
    people: Sequence[dict[str, Any]],
    campaigns: Sequence[str],
    today: date,
    count: int,
    chance: Random,
    sold: Sold,
) -> None:
    pipelines = ask(asker, "sales.list_pipelines", params={"is_default": "true"})["items"]
    stages = [stage["id"] for stage in pipelines[0]["stages"]]
    items = []
    for number in range(count):
        person = chance.choice(people)
        goods = chance.sample(_GOODS, chance.randrange(1, 4))
        items.append(
            {
                "name": f"{goods[0][0]} para {person['display_name']}",
                "person_id": person["id"],
                "company_id": _company(person),
                "stage_id": chance.choice(stages),
                "campaign_id": chance.choice([*campaigns, None]),
                "expected_close_on": str(today + timedelta(days=chance.randrange(-20, 120))),
                "lines": [_line(name, price, chance) for name, price in goods],
                "owner_id": _id(_of(owners, number)),
            }
        )
    [answer] = _done(asker, [Call("sales.bulk_create_opportunities", data={"items": items}, by=_of(owners, 0))])
    ids = [result["id"] for result in answer["items"]]
    sold.opportunities = len(ids)
    quotes = [
        Call("sales.create_quote", data={"opportunity_id": id_, "valid_until": str(today + timedelta(days=30))})
        for id_ in ids[: count // 6]
    ]
    sold.quotes = len(_done(asker, quotes))
    reasons = _reasons(asker, "opportunity")
    quarter = count // 4
    closings = [
        Call("sales.win_opportunity", (id_,), data={"closed_on": str(today - timedelta(days=chance.randrange(60)))})
        for id_ in ids[-quarter:]
    ]
    closings += [
        Call("sales.lose_opportunity", (id_,), data={"reason_id": reasons[place % len(reasons)]})
        for place, id_ in enumerate(ids[-2 * quarter : -quarter])
        if place % 2
    ]
    _done(asker, closings)


def _line(name: str, price: str, chance: Random) -> dict[str, Any]:
    return {
        "description": name,
        "quantity": str(chance.randrange(1, 4)),
        "unit_price": {"amount": price, "currency": "EUR"},
        "discount": chance.choice(("0", "0", "5", "10")),
    }


def _activity(person: dict[str, Any], now: datetime, number: int) -> dict[str, Any]:
    due = now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=number % 20 - 4)
    return {
        "kind": ("call", "visit", "email", "task")[number % 4],
        "subject": _SUBJECTS[number % 4],
        "person_id": person["id"],
        "company_id": _company(person),
        "due_at": due.isoformat(),
    }


def _reasons(asker: Asker, ending: str) -> list[str]:
    found = ask(asker, "sales.list_close_reasons", params={"ending": ending})["items"]
    return [reason["id"] for reason in found]


def _company(person: dict[str, Any]) -> str | None:
    employments: Iterator[dict[str, Any]] = iter(person["employments"])
    return next((str(each["company_id"]) for each in employments), None)


def _of(owners: Sequence[Actor], place: int) -> Actor:
    return owners[place % len(owners)]


def _id(owner: Actor) -> str | None:
    return None if owner.user_id is None else str(owner.user_id)


def _done(asker: Asker, calls: Sequence[Call]) -> list[Any]:
    """Return the answers. Raises the first ``Refusal``, that of an item of a bulk as well."""
    answers = list(asker.ask_all(calls))
    for answer in answers:
        if isinstance(answer, Refusal):
            raise answer
        for result in answer.get("items", ()) if isinstance(answer, dict) else ():
            if error := result.get("error"):
                raise Refusal(result["status"], error["code"], error["detail"], error)
    return answers
