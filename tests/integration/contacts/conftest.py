import pytest

from tests.factories import contacts as make


@pytest.fixture
def contacts(run_service):
    """The contacts service on an empty database."""
    return run_service("contacts")


@pytest.fixture
def ana(contacts):
    return contacts.ask("create_person", data=make.person_data(first_name="Ana", last_name="García")).body


@pytest.fixture
def luis(contacts):
    return contacts.ask("create_person", data=make.person_data(first_name="Luis", last_name="Romero")).body


@pytest.fixture
def acme(contacts):
    return contacts.ask("create_company", data=make.company_data(name="Acme, S.L.", tax_id="B12345674")).body
