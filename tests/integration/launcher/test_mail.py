"""The mail server of a development system, and what `./trato mail` shows of what it took."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.kit.mail import CaughtMail
from tools.launcher import mail
from tools.launcher.place import Place


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    made.prepare()
    return made


@pytest.fixture
def server(place):
    made = CaughtMail(place.mail)
    yield made
    made.stop()


def send(port, subject, *to):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "we@trato.example", to[0], subject
    letter.set_content("Buenos días: ya está.\n.\nUn saludo")
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as connection:
        connection.send_message(letter, to_addrs=list(to))


def test_it_keeps_each_mail_whole_with_everybody_who_got_it(place, server, capsys):
    send(server.start().port, "Su línea", "ana@acme.example", "blind@acme.example")

    assert mail.run(place, []) == 0
    assert "ana@acme.example, blind@acme.example" in capsys.readouterr().out
    assert mail.run(place, ["1"]) == 0
    shown = capsys.readouterr().out
    assert "Subject: Su línea" in shown
    assert shown.endswith("Buenos días: ya está.\n.\nUn saludo\n")


def test_numbers_go_on_after_a_restart(place, server):
    (place.mail / "000041.eml").write_bytes(b"Subject: old\r\n\r\n")
    send(server.start().port, "Nuevo", "ana@acme.example")

    assert [path.name for path in sorted(place.mail.glob("*"))] == ["000041.eml", "000042.eml"]


def test_what_is_not_there_is_said(place, capsys):
    assert mail.run(place, []) == 0
    assert capsys.readouterr().out.strip() in {"No mail has left yet.", "Todavía no ha salido ningún correo."}
    assert mail.run(place, ["7"]) == 1
    assert mail.run(place, ["first"]) == 2


def test_a_mail_server_of_ones_own_takes_its_place(place, monkeypatch):
    assert mail.settings(place) == {}
    assert mail.program(place, {})
    assert set(mail.settings(place)) == {"TRATO_SMTP_URL", "TRATO_MAIL_IN_ADDRESS"}

    monkeypatch.setenv("TRATO_SMTP_URL", "smtp://mail.example.com:25")
    assert mail.program(place, {}) == []
    assert mail.settings(place) == {}
