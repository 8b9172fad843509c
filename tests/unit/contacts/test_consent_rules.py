import itertools

import pytest

from contracts.consents import (
    NOTHING_SAID,
    ConsentChannel,
    ConsentState,
    LawfulBasis,
    Purpose,
    Standing,
    address_key,
    verdict,
)

YES = Standing(state=ConsentState.OPTED_IN, basis=LawfulBasis.CONSENT)
NO_MORE = Standing(state=ConsentState.OPTED_OUT)
NEVER = Standing(state=ConsentState.OBJECTED)
INTERESTED = Standing(basis=LawfulBasis.LEGITIMATE_INTEREST)


def said(purpose, contact, address):
    found = verdict(purpose, contact, address)
    return found.allowed, found.rule.value


@pytest.mark.parametrize("purpose", Purpose)
def test_a_no_of_the_address_beats_a_yes_of_the_contact_whatever_for(purpose):
    assert said(purpose, YES, NO_MORE) == (False, "address-opted-out")
    assert said(purpose, YES, NEVER) == (False, "address-objected")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_no_of_the_contact_beats_a_yes_of_the_address(purpose):
    assert said(purpose, NO_MORE, YES) == (False, "contact-opted-out")
    assert said(purpose, NEVER, YES) == (False, "contact-objected")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_yes_is_enough_where_nobody_says_no(purpose):
    assert said(purpose, YES, NOTHING_SAID) == (True, "opted-in")
    assert said(purpose, NOTHING_SAID, YES) == (True, "opted-in")


@pytest.mark.parametrize("purpose", [Purpose.SERVICE, Purpose.CONTRACT, Purpose.SURVEY])
def test_where_nothing_was_said_service_contract_and_surveys_go(purpose):
    assert said(purpose, NOTHING_SAID, NOTHING_SAID) == (True, "nothing-against")


def test_where_nothing_was_said_marketing_needs_a_legitimate_interest_on_record():
    assert said(Purpose.MARKETING, NOTHING_SAID, NOTHING_SAID) == (False, "no-consent")
    assert said(Purpose.MARKETING, INTERESTED, NOTHING_SAID) == (True, "legitimate-interest")
    assert said(Purpose.MARKETING, Standing(basis=LawfulBasis.CONTRACT), NOTHING_SAID) == (False, "no-consent")


def test_a_legitimate_interest_does_not_help_against_a_no():
    refused = Standing(state=ConsentState.OPTED_OUT, basis=LawfulBasis.LEGITIMATE_INTEREST)
    assert said(Purpose.MARKETING, refused, NOTHING_SAID) == (False, "contact-opted-out")


def test_saying_no_never_allows_more():
    standings = [Standing(state=state, basis=basis) for state in ConsentState for basis in (None, *LawfulBasis)]
    for purpose, contact, address in itertools.product(Purpose, standings, standings):
        before = verdict(purpose, contact, address).allowed
        for no in (ConsentState.OPTED_OUT, ConsentState.OBJECTED):
            assert not verdict(purpose, Standing(state=no, basis=contact.basis), address).allowed
            assert not verdict(purpose, contact, Standing(state=no, basis=address.basis)).allowed
        better = verdict(purpose, Standing(state=ConsentState.OPTED_IN, basis=contact.basis), address).allowed
        refuses = {ConsentState.OPTED_OUT, ConsentState.OBJECTED}
        assert better or not before or address.state in refuses


def test_one_mailbox_has_one_key_and_another_has_another():
    email = ConsentChannel.EMAIL
    same = {address_key(email, each) for each in ("Ana@Acme.example", " ana@acme.EXAMPLE", "ana+news@acme.example")}
    assert len(same) == 1
    [key] = same
    assert key is not None
    assert "ana" not in key
    assert address_key(email, "luis@acme.example") != key


def test_calls_sms_and_whatsapp_share_a_number_and_letters_have_no_key():
    number = "+34911234567"
    keys = {address_key(each, number) for each in (ConsentChannel.PHONE, ConsentChannel.SMS, ConsentChannel.WHATSAPP)}
    assert len(keys) == 1
    assert address_key(ConsentChannel.POST, number) is None
    assert address_key(ConsentChannel.PORTAL, number) is None
