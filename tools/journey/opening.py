"""Steps 1 and 2: somebody signs in and makes a key for a program; a company and a person are put on file."""

import json
import random
from http import HTTPStatus
from typing import Final

from stdnum.es import cif

from tools.journey.story import Story, expect, same

# What the programs of this story may do: no more than they need.
_SCOPES: Final = (
    "people companies segments interests interactions campaigns leads opportunities pipelines quotes activities "
    "projects cases case-types workflows sla-policies calendars surveys close-reasons"
)
_READ_ONLY: Final = ("events:read",)


def sign_in(story: Story) -> None:
    """The administrator signs in; from then on a key with just the scopes of the story does everything."""
    api = story.api
    login = {"username": "admin", "password": story.password}
    session = api.ask("POST", "/v1/session", login, expect=HTTPStatus.CREATED).body
    api.token = session["access_token"]
    latest = api.get("/v1/events", sort="-position", limit="1")["items"]
    story["since"] = {"after": latest[0]["id"]} if latest else {}
    scopes = [f"{each}:*" for each in _SCOPES.split()] + list(_READ_ONLY)
    key = api.create("/v1/api-keys", {"name": f"Journey {story.mark}", "scopes": scopes})
    story["key_id"], api.token = key["id"], key["token"]
    refused = api.ask("GET", "/v1/users", expect=HTTPStatus.FORBIDDEN)
    same("the key does no more than its scopes say", refused.body["code"], "permission-denied")
    who = api.get("/v1/session")
    story["user_id"] = who["user"]["id"]
    story.saw(
        f"admin made the key {key['prefix']}… with {len(scopes)} scopes, shown once",
        f"admin creó la clave {key['prefix']}… con {len(scopes)} permisos, mostrada una sola vez",
    )


def put_customer_on_file(story: Story) -> None:
    """A company and a person who works there; the same person again is recognised."""
    api, mark = story.api, story.mark
    company = api.create(
        "/v1/companies", {"name": f"Talleres Lucía {mark}, S.L.", "tax_id": _tax_id(), "country": "ES"}
    )
    lucia = {
        "first_name": "Lucía",
        "last_name": f"Prueba {mark}",
        "emails": [{"address": story.customer_address, "kind": "work"}],
        "phones": [{"number": _phone(), "kind": "mobile"}],
        "employments": [{"company_id": company["id"], "role": "Gerente"}],
    }
    person = api.create("/v1/people", lucia)
    story["company_id"], story["person_id"] = company["id"], person["id"]
    same("the person works at the company", person["employments"][0]["company_id"], company["id"])

    again = api.do("/v1/people", lucia, HTTPStatus.CONFLICT)
    same("the same person again is a possible duplicate", again["code"], "possible-duplicate")
    expect(person["id"] in json.dumps(again["matches"]), "the match is the person on file", again["matches"])
    twin = api.create("/v1/people", {**lucia, "allow_duplicate": True})
    expect(twin["id"] != person["id"], "who insists gets a second record")
    api.ask("DELETE", f"/v1/people/{twin['id']}", expect=HTTPStatus.NO_CONTENT)
    story.saw(
        f"{company['name']} and {person['display_name']} are on file; the same person again was recognised (409)",
        f"{company['name']} y {person['display_name']} constan; la misma persona otra vez fue reconocida (409)",
    )


def _tax_id() -> str:
    number = f"B{random.randrange(1, 10**7):07d}"  # noqa: S311 - made up, keeps no secret
    return number + str(cif.calc_check_digits(number)[0])


def _phone() -> str:
    return f"+346{random.randrange(10**8):08d}"  # noqa: S311 - made up, keeps no secret
