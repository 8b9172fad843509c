"""Whatever comes in as a mail is kept: nothing that anybody sends makes the door say no, or a mailbox stand still."""

import random

import pytest

from chassis import blobs, settings
from chassis.ops.system_work import SystemWork
from services.notifications.commands.receiving import read_mail, take_in
from tests.factories.mails import OWN, SAMPLES, World, mail

_WORLD = World(
    number_a="CAS-2030-000001",
    number_b="CAS-2030-000002",
    token_a="0123456789abcdef",
    token_b="fedcba9876543210",
    sent_a="<a@trato.example>",
    sent_b="<b@trato.example>",
    bounce_a="soporte+b01890a5d0000700080000000000000ff@trato.example",
    loop_mark="x",
)
_MALICE = (
    b"\x00",
    b"\r\n\r\n",
    b"\xff\xfe",
    b"=?utf-8?b?AAAA?=",
    b"=?utf-8?q?=00=ED=A0=80?=",
    b"=?x-unknown?q?=FF?=",
    b"Content-Type: multipart/mixed\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"charset=utf-16\r\n",
    b"<a@b.example, , ;:@>",
    b"\xed\xa0\x80\xef\xbf\xbf",
    b"--b--\r\n",
)


@pytest.fixture
def keep(notifications, store):
    """Take a mail in, and return what is shown of it."""
    work = SystemWork("notifications", notifications.database, notifications.database.metadata, "test")

    def take(raw, sender="ana@acme.example"):
        parsed = read_mail(raw, sender=sender, recipients=[OWN])
        with work.writing() as uow:
            id_ = take_in(uow, parsed).id
        item = notifications.ask("get_inbox_item", id_).body
        assert b"".join(blobs.open_store(settings.load()).open(item["original_key"])) == raw
        return item

    return take


@pytest.mark.parametrize("seed", range(6))
def test_a_mail_that_was_broken_on_its_way_is_kept(keep, seed):
    chance = random.Random(seed)
    for name in chance.sample(sorted(SAMPLES), 25):
        raw = bytearray(SAMPLES[name](_WORLD).raw)
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(raw) + 1)
            raw[place : place + chance.choice((0, 0, 1, 7))] = chance.choice((*_MALICE, chance.randbytes(3)))
        # A mail that is known already is no new one.
        keep(bytes(raw) + b"\n%d" % seed + name.encode())


@pytest.mark.parametrize(
    "headers",
    [
        {"To": ", ".join(f"n{number}@acme.example" for number in range(1000))},
        {"Cc": ", ".join(f"n{number}@acme.example" for number in range(1000))},
        {"Subject": "x" * 5000},
        {"Message-ID": f"<{'x' * 600}@acme.example>"},
        {"From": f"{'Ana ' * 300} <ana@acme.example>"},
        {"From": f"{'a' * 300}@acme.example"},
        {"References": " ".join(f"<{number}@acme.example>" for number in range(3000))},
        {"Subject": "[" * 3000},
        {"Subject": "Re: " * 1000},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_mail_of_excess_is_kept(keep, headers):
    known = {"From": "ana@acme.example", "To": OWN, "Subject": "x", "Message-ID": "<excess@acme.example>", **headers}
    raw = "".join(f"{name}: {value}\r\n" for name, value in known.items()).encode() + b"\r\nHola\r\n"
    assert keep(raw)["state"] == "waiting"


def test_a_mail_of_a_thousand_parts_within_each_other_is_kept(keep):
    head = "From: ana@acme.example\r\nMessage-ID: <deep@acme.example>\r\n"
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="{number}"\r\n\r\n--{number}\r\n' for number in range(1000)
    )
    assert keep((head + nested + "\r\nHola").encode())["state"] == "waiting"


def test_a_mail_of_very_long_markup_is_kept(keep):
    found = mail()
    found.set_content("<div>" * 30_000 + "Hola", subtype="html")
    assert keep(found.as_bytes())["state"] == "waiting"
