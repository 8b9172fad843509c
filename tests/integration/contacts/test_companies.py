import pytest

from tests.factories import contacts as make


def test_a_company_is_shown_as_it_was_created(contacts):
    data = make.company_data(name="Muñoz & Hijos, S.L.", tax_id="es b-12345674", website="HTTPS://WWW.Munoz.example/es")

    created = contacts.ask("create_company", data=data).body

    assert contacts.ask("get_company", created["id"]).body == created
    assert (created["tax_id"], created["website"]) == ("B12345674", "https://www.munoz.example/es")
    assert created["display_name"] == created["name"] == "Muñoz & Hijos, S.L."


def test_one_company_is_customer_and_supplier_and_found_by_either(contacts):
    for slug in ("customer", "supplier"):
        contacts.ask("create_link_kind", data={"slug": slug, "name": {"es": slug, "en": slug}})
    company = contacts.ask("create_company", data=make.company_data(links=["customer", "supplier"])).body

    for slug in ("customer", "supplier"):
        assert [c["id"] for c in contacts.ask("list_companies", params={"link": slug}).body["items"]] == [company["id"]]
    tree = {
        "and": [{"field": "link", "op": "eq", "value": "customer"}, {"field": "country", "op": "eq", "value": "ES"}]
    }
    assert contacts.ask("search_companies", data={"filter": tree}).body["items"][0]["id"] == company["id"]


@pytest.mark.parametrize("words", ["munoz", "B12345674", "muñoz hijos"])
def test_a_company_is_found_by_its_name_without_accents_and_by_its_tax_identifier(contacts, words):
    company = contacts.ask("create_company", data=make.company_data(name="Muñoz & Hijos", tax_id="B12345674")).body

    assert contacts.ask("list_companies", params={"q": words}).body["items"][0]["id"] == company["id"]


def test_companies_are_read_in_pages_in_the_order_asked_for(contacts):
    for name in "BDACE":
        contacts.ask("create_company", data={"name": name, "country": "ES"})

    names, cursor = [], None
    while True:
        params = {"sort": "-display_name", "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = contacts.ask("list_companies", params=params).body
        names += [company["name"] for company in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert names == ["E", "D", "C", "B", "A"]


def test_a_company_goes_to_the_bin_and_comes_back_with_its_people(contacts, acme, ana):
    contacts.ask("create_employment", data={"person_id": ana["id"], "company_id": acme["id"], "role": "CEO"})

    contacts.ask("delete_company", acme["id"])
    assert contacts.refused("get_company", acme["id"]).status == 404
    contacts.ask("restore_company", acme["id"])

    assert contacts.ask("list_people", params={"company_id": acme["id"]}).body["items"][0]["id"] == ana["id"]


def test_a_wrong_check_digit_is_refused_in_the_language_of_the_caller(contacts):
    data = make.company_data(tax_id="B12345675")

    assert "no es un identificador fiscal válido" in contacts.refused("create_company", data=data, locale="es").detail
    assert "is not a valid tax identifier" in contacts.refused("create_company", data=data).detail


def test_the_contacts_of_a_closed_branch_are_refused(contacts):
    branch = contacts.ask("create_branch", data={"code": "vigo", "name": "Vigo"}).body
    contacts.ask("create_company", data=make.company_data(branch_id=branch["id"]))
    contacts.ask("update_branch", branch["id"], data={"active": False}, version=1)

    assert (
        contacts.refused("create_company", data=make.company_data(branch_id=branch["id"])).slug == "branch-is-unknown"
    )
