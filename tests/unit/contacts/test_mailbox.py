"""Whose mailbox an address is."""

import pytest

from services.contacts.domain import mailbox


@pytest.mark.parametrize("address", ["info@acme.example", "Ventas@Acme.example", "atencion-cliente@acme.example"])
def test_an_office_reads_these(address):
    assert mailbox.is_shared(address)


@pytest.mark.parametrize("address", ["ana@acme.example", "j.informer@acme.example"])
def test_one_person_reads_these(address):
    assert not mailbox.is_shared(address)


def test_a_tag_and_the_case_do_not_make_another_address():
    assert mailbox.normal_address("Ana+news@Acme.Example") == "ana@acme.example"


def test_a_free_mail_provider_says_nothing_about_a_company():
    assert mailbox.business_domain("ana@gmail.com") is None
    assert mailbox.business_domain("ana@acme.example") == "acme.example"


@pytest.mark.parametrize("url", ["https://www.acme.example/es", "http://acme.example:80", "acme.example"])
def test_a_website_and_an_address_of_one_company_share_the_domain(url):
    assert mailbox.website_domain(url) == "acme.example"
