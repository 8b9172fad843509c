"""Puts the demo contacts into a running installation; what is there already stays as it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

from chassis.context import SYSTEM, Actor
from chassis.errors import Refusal
from tools.demo.asking import Asker, Call, ask, unless_there
from tools.demo.companies import DemoCompany, demo_companies
from tools.demo.happenings import INTERESTS, interactions, reference
from tools.demo.names import people_names
from tools.demo.people import DemoPerson, demo_people

_SEED: Final = 20261122
_BATCH: Final = 100
_MOST_PARAMETERS: Final = 100


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    companies: int = 120
    people: int = 500
    interactions: int = 1000


@dataclass
class Loaded:
    """How many records were new."""

    companies: int = 0
    people: int = 0
    relations: int = 0
    interests: int = 0
    interactions: int = 0

    @property
    def anything(self) -> bool:
        """Whether the run changed anything."""
        return any(vars(self).values())


def load(asker: Asker, owners: Sequence[Actor], now: datetime, size: Size | None = None) -> Loaded:
    """Load the demo contacts, shared out among ``owners``, and return how many records were new.

    Deterministic but for the dates, which lie within the year before ``now``. Raises ``Refusal``.
    """
    size, owners, loaded = size or Size(), owners or [SYSTEM], Loaded()
    if _is_loaded(asker, size):
        return loaded
    chance = Random(_SEED)  # noqa: S311 - made-up data, always the same
    companies = list(demo_companies(size.companies, chance))
    people = list(demo_people(people_names(size.people, chance), companies, chance))
    company_ids = _companies(asker, companies, owners, loaded)
    person_ids = _people(asker, people, company_ids, owners, loaded)
    _relations(asker, dict(zip(person_ids, people, strict=True)), company_ids, chance, loaded)
    _interests(asker, person_ids, company_ids, chance, loaded)
    pairs = [(id_, company_ids[person.employer]) for id_, person in zip(person_ids, people, strict=True)]
    happened = list(interactions(size.interactions, pairs, now, chance))
    batches = [happened[start : start + _BATCH] for start in range(0, len(happened), _BATCH)]
    calls = [
        Call("contacts.bulk_create_interactions", data={"items": batch}, by=_owner(owners, place))
        for place, batch in enumerate(batches)
    ]
    loaded.interactions = sum(len(_created(answer, "already-recorded")) for answer in asker.ask_all(calls))
    return loaded


def _is_loaded(asker: Asker, size: Size) -> bool:
    """Whether an earlier run came to its end; what somebody deleted since then stays deleted."""
    last = reference(size.interactions - 1)
    return bool(ask(asker, "contacts.list_interactions", params={"reference": last})["items"])


def _companies(asker: Asker, companies: Sequence[DemoCompany], owners: Sequence[Actor], loaded: Loaded) -> list[str]:
    known = _known_companies(asker, companies)
    for place, owner in enumerate(owners):
        mine = [
            company
            for index, company in enumerate(companies)
            if index % len(owners) == place and company.tax_id not in known
        ]
        calls = [
            Call("contacts.bulk_create_companies", data={"items": [_insisting(each.body) for each in batch]}, by=owner)
            for batch in _batches(mine)
        ]
        ids = [id_ for answer in asker.ask_all(calls) for id_ in _created(answer)]
        known |= zip((company.tax_id for company in mine), ids, strict=True)
        loaded.companies += len(ids)
    return [known[company.tax_id] for company in companies]


def _known_companies(asker: Asker, companies: Sequence[DemoCompany]) -> dict[str, str]:
    numbers = [company.tax_id for company in companies]
    calls = [
        Call("contacts.list_companies", params={"tax_id_in": ",".join(batch), "limit": "200"})
        for batch in (numbers[start : start + _MOST_PARAMETERS] for start in range(0, len(numbers), _MOST_PARAMETERS))
    ]
    return {each["tax_id"]: each["id"] for answer in asker.ask_all(calls) for each in _answered(answer)["items"]}


def _people(
    asker: Asker, people: Sequence[DemoPerson], company_ids: Sequence[str], owners: Sequence[Actor], loaded: Loaded
) -> list[str]:
    # Where all companies are new there can be none of their people yet.
    known = {} if loaded.companies == len(company_ids) else _known_people(asker, people)
    for place, owner in enumerate(owners):
        # Whoever has the company has its people.
        mine = [person for person in people if person.employer % len(owners) == place and person.email not in known]
        items = [_insisting(_employed(person, company_ids[person.employer])) for person in mine]
        calls = [Call("contacts.bulk_create_people", data={"items": batch}, by=owner) for batch in _batches(items)]
        ids = [id_ for answer in asker.ask_all(calls) for id_ in _created(answer)]
        known |= zip((person.email for person in mine), ids, strict=True)
        loaded.people += len(ids)
    return [known[person.email] for person in people]


def _known_people(asker: Asker, people: Sequence[DemoPerson]) -> dict[str, str]:
    answers = asker.ask_all([Call("contacts.list_people", params={"email": person.email}) for person in people])
    found = zip(people, (_answered(answer)["items"] for answer in answers), strict=True)
    return {person.email: items[0]["id"] for person, items in found if items}


def _employed(person: DemoPerson, company_id: str) -> dict[str, Any]:
    body = {**person.body}
    employment = body.pop("employment")
    assert isinstance(employment, dict)
    return {**body, "employments": [{**employment, "company_id": company_id, "primary": True}]}


def _relations(
    asker: Asker, people: Mapping[str, DemoPerson], company_ids: Sequence[str], chance: Random, loaded: Loaded
) -> None:
    types = {each["slug"]: each["id"] for each in ask(asker, "contacts.list_relation_types")["items"]}
    bosses, person_ids = {person.employer: id_ for id_, person in people.items() if person.boss}, list(people)
    calls = [
        _relation("person", bosses[person.employer], types["manager"], id_)
        for place, (id_, person) in enumerate(people.items())
        if not person.boss and place % 2 == 0
    ]
    for slug, count in (("friend", 25), ("ex-colleague", 20), ("golf-partner", 8)):
        for _ in range(min(count, len(person_ids) // 4)):
            one, other = chance.sample(person_ids, 2)
            calls.append(_relation("person", one, types[slug], other))
    for slug, count in (("subsidiary", 10), ("partner", 12)):
        for _ in range(min(count, len(company_ids) // 4)):
            one, other = chance.sample(company_ids, 2)
            calls.append(_relation("company", one, types[slug], other))
    loaded.relations = unless_there(asker.ask_all(calls), "relation-exists")


def _relation(kind: str, from_id: str, type_id: str, to_id: str) -> Call:
    return Call(f"contacts.add_{kind}_relation", (from_id,), data={"type_id": type_id, "other_id": to_id})


def _interests(
    asker: Asker, person_ids: Sequence[str], company_ids: Sequence[str], chance: Random, loaded: Loaded
) -> None:
    new = [Call("contacts.create_interest", data={"slug": slug, "name": name}) for slug, name in INTERESTS]
    loaded.interests += unless_there(asker.ask_all(new), "name-is-taken")
    catalogue = {each["slug"]: each["id"] for each in ask(asker, "contacts.list_interests")["items"]}
    slugs = [slug for slug, _ in INTERESTS]
    calls = []
    for kind, ids in (("company", company_ids), ("person", person_ids)):
        for id_ in ids:
            for slug in chance.sample(slugs, chance.choice((0, 0, 1, 1) if kind == "person" else (1, 1, 2))):
                weight = {"weight": chance.randrange(10, 101, 10), "source": "demo"}
                calls.append(Call(f"contacts.set_{kind}_interest", (id_, catalogue[slug]), data=weight))
    # Setting an interest to what it is changes nothing and tells nothing, so these are not counted as new.
    for answer in asker.ask_all(calls):
        _answered(answer)


def _insisting(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body that is not refused because two made-up neighbours have nearly the same name."""
    return {**body, "allow_duplicate": True}


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _owner(owners: Sequence[Actor], place: int) -> Actor:
    return owners[place % len(owners)]


def _answered(answer: Any) -> Any:
    if isinstance(answer, Refusal):
        raise answer
    return answer


def _created(answer: Any, *known: str) -> list[str]:
    """Return the ids that a bulk operation created. Raises ``Refusal`` for the first item refused otherwise."""
    ids = []
    for result in _answered(answer)["items"]:
        error = result.get("error")
        if error is None:
            ids.append(result["id"])
        elif error["code"] not in known:
            raise Refusal(result["status"], error["code"], error["detail"], error)
    return ids
