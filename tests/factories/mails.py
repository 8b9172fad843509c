"""Forty mails as they come in, made by code, each with the place where it must end.

``World`` says what was sent before: a reply in case A to ana, with luis in copy, and one in case B to eva.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final

OWN: Final = "soporte@trato.example"
A, B, TRAY = "A", "B", None


@dataclass(frozen=True)
class World:
    """Case A and case B: numbers, secret addresses, and the Message-IDs of what we wrote."""

    number_a: str
    number_b: str
    token_a: str
    token_b: str
    sent_a: str
    sent_b: str
    bounce_a: str
    loop_mark: str


@dataclass(frozen=True)
class Sample:
    """One mail. ``end`` is the case, or None for the tray; ``guess`` the case that it seems to be about there."""

    raw: bytes
    end: str | None
    reason: str | None = None
    guess: str | None = None
    kind: str = "mail"
    sender: str | None = "ana@acme.example"
    recipients: tuple[str, ...] = (OWN,)
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


Make = Callable[[World], Sample]
SAMPLES: dict[str, Make] = {}


def sample(make: Make) -> Make:
    SAMPLES[make.__name__] = make
    return make


_numbers = iter(range(1, 10_000))


def mail(text: str = "Buenos días.", **headers: Any) -> EmailMessage:
    """Return a mail from ana to us; ``_`` in a header's name stands for the dash, None leaves it out."""
    found = EmailMessage()
    known = {
        "From": "Ana García <ana@acme.example>",
        "To": OWN,
        "Subject": "Una pregunta",
        "Message-ID": f"<{next(_numbers)}@acme.example>",
        "Date": "Tue, 15 Jan 2030 12:00:00 +0000",
    }
    for name, value in {**known, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value is not None:
            found[name] = value
    found.set_content(text)
    return found


def plain(end: str | None, reason: str | None = None, *, text: str = "Buenos días.", **more: Any) -> Sample:
    """Return a sample of a plain mail; what is no field of ``Sample`` is a header."""
    fields = {name: more.pop(name) for name in tuple(more) if name in Sample.__dataclass_fields__}
    return Sample(mail(text, **more).as_bytes(), end, reason, **fields)


def report(world: World, *blocks: str, original: str | None = None, **headers: Any) -> bytes:
    """Return a delivery report about the mail that we sent in case A."""
    status = "\r\n\r\n".join(
        ["Reporting-MTA: dns; mx.acme.example", *(block.replace("\n", "\r\n") for block in blocks)]
    )
    back = f"Message-ID: {original or world.sent_a}\r\nSubject: Re: La factura\r\n\r\n"
    known = {
        "From": "Mail Delivery System <MAILER-DAEMON@acme.example>",
        "To": OWN,
        "Subject": "Undelivered Mail Returned to Sender",
        "Message-ID": f"<{next(_numbers)}@mx.acme.example>",
        "Auto-Submitted": "auto-replied",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}" for name, value in known.items() if value is not None]
    lines += ["MIME-Version: 1.0", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', ""]
    lines += ["--b", "Content-Type: text/plain", "", "I am sorry.", "--b", "Content-Type: message/delivery-status", ""]
    lines += [status, "", "--b", "Content-Type: message/rfc822", "", back, "--b--", ""]
    return "\r\n".join(lines).encode()


FAILED: Final = (
    "Final-Recipient: rfc822; ana@acme.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no"
)


@sample
def an_answer_by_in_reply_to(w: World) -> Sample:
    return plain(A, In_Reply_To=w.sent_a, Subject="Re: algo")


@sample
def an_answer_by_references(w: World) -> Sample:
    return plain(A, References=f"<other@elsewhere.example> {w.sent_a}", Subject="Re: algo")


@sample
def an_answer_by_number_in_the_subject(w: World) -> Sample:
    return plain(A, Subject=f"Re: La factura [{w.number_a}]")


@sample
def a_number_with_a_hash(w: World) -> Sample:
    return plain(A, Subject=f"RV: RE: [#{w.number_a}] otra cosa")


@sample
def an_answer_by_the_secret_address(w: World) -> Sample:
    return plain(A, To=f"Soporte <soporte+{w.token_a}@trato.example>", Subject="Nada que ver")


@sample
def the_secret_address_in_the_envelope_alone(w: World) -> Sample:
    return plain(A, To="undisclosed-recipients:;", recipients=(f"soporte+{w.token_a}@trato.example",))


@sample
def an_answer_of_somebody_in_copy(w: World) -> Sample:
    return plain(A, From="Luis <luis@acme.example>", In_Reply_To=w.sent_a, sender="luis@acme.example")


@sample
def a_receipt_that_it_was_read(w: World) -> Sample:
    raw = report(w, "x", Auto_Submitted=None).replace(b"delivery-status", b"disposition-notification")
    return Sample(raw, TRAY, "automatic", A, "automatic")


@sample
def an_answer_in_other_letters(w: World) -> Sample:
    return plain(A, From="ANA@ACME.example", In_Reply_To=w.sent_a)


@sample
def a_forged_number(w: World) -> Sample:
    return plain(TRAY, "unknown-sender", Subject=f"Re: [{w.number_b}] dígame", guess=B)


@sample
def a_number_of_another_case_in_an_answer(w: World) -> Sample:
    return plain(A, Subject=f"Como en [{w.number_b}]", In_Reply_To=w.sent_a)


@sample
def a_stranger_who_knows_the_number(w: World) -> Sample:
    stranger = "eve@evil.example"
    return plain(TRAY, "unknown-sender", From=stranger, sender=stranger, Subject=f"[{w.number_a}]", guess=A)


@sample
def a_stranger_who_knows_the_message_id(w: World) -> Sample:
    stranger = "eve@evil.example"
    return plain(TRAY, "unknown-sender", From=stranger, sender=stranger, In_Reply_To=w.sent_a, guess=A)


@sample
def a_stranger_who_knows_the_secret_address(w: World) -> Sample:
    stranger, address = "eve@evil.example", f"soporte+{w.token_a}@trato.example"
    return plain(TRAY, "unknown-sender", From=stranger, sender=stranger, To=address, guess=A)


@sample
def a_number_that_does_not_exist(w: World) -> Sample:
    return plain(TRAY, "no-thread", Subject="[CAS-1999-000777] hola")


@sample
def a_new_question(w: World) -> Sample:
    return plain(TRAY, "no-thread")


@sample
def a_forwarded_mail(w: World) -> Sample:
    text = "Para su información.\n\n---------- Mensaje original ----------\nDe: jefe@acme.example\n"
    return plain(TRAY, "no-thread", Subject="Fwd: presupuesto", text=text, holds=("Para su información.",))


@sample
def a_forwarded_answer_of_ours(w: World) -> Sample:
    forward = mail("Ver adjunto.", Subject="RV: mensaje")
    forward.add_attachment(mail("Lo de antes.", In_Reply_To=w.sent_b))
    return Sample(forward.as_bytes(), TRAY, "no-thread")


@sample
def an_out_of_office(w: World) -> Sample:
    automatic = {"Auto_Submitted": "auto-replied", "In_Reply_To": w.sent_a, "Subject": "Fuera de la oficina"}
    return plain(TRAY, "automatic", kind="automatic", guess=A, **automatic)


@sample
def an_out_of_office_with_a_comment(w: World) -> Sample:
    return plain(TRAY, "automatic", kind="automatic", Auto_Submitted="auto-replied; owner-email=a", guess=None)


@sample
def a_mail_that_says_that_a_person_sent_it(w: World) -> Sample:
    return plain(A, Auto_Submitted="no", In_Reply_To=w.sent_a)


@sample
def an_autoreply_of_the_old_kind(w: World) -> Sample:
    return plain(TRAY, "automatic", kind="automatic", X_Autoreply="yes", In_Reply_To=w.sent_a, guess=A)


@sample
def an_autoresponder_by_precedence(w: World) -> Sample:
    return plain(TRAY, "automatic", kind="automatic", Precedence="auto_reply", In_Reply_To=w.sent_a, guess=A)


@sample
def a_mail_with_nobody_to_return_it_to(w: World) -> Sample:
    return plain(TRAY, "automatic", kind="automatic", sender="", In_Reply_To=w.sent_a, guess=A)


@sample
def a_return_path_to_nobody(w: World) -> Sample:
    return plain(TRAY, "automatic", kind="automatic", sender=None, Return_Path="<>", In_Reply_To=w.sent_a, guess=A)


@sample
def our_own_mail_come_back(w: World) -> Sample:
    loop = {"X_Trato_Loop": w.loop_mark, "In_Reply_To": w.sent_a}
    return plain(TRAY, "own-mail", kind="own", guess=A, **loop)


@sample
def the_mark_of_another_installation(w: World) -> Sample:
    return plain(A, X_Trato_Loop="somebody-else", In_Reply_To=w.sent_a)


@sample
def a_bounce(w: World) -> Sample:
    return Sample(report(w, FAILED), TRAY, "bounce", A, "bounce", "")


@sample
def a_bounce_that_gives_nothing_back(w: World) -> Sample:
    raw = report(w, FAILED, original="<lost@elsewhere.example>")
    return Sample(raw, TRAY, "bounce", A, "bounce", "", (w.bounce_a,))


@sample
def a_delay(w: World) -> Sample:
    delayed = "Final-Recipient: rfc822; ana@acme.example\nAction: delayed\nStatus: 4.4.1"
    return Sample(report(w, delayed, Subject="Delayed"), TRAY, "bounce", A, "bounce", "")


@sample
def a_bounce_of_a_mail_that_we_never_sent(w: World) -> Sample:
    return Sample(report(w, FAILED, original="<spam@elsewhere.example>"), TRAY, "bounce", None, "bounce", "")


@sample
def a_bounce_in_no_known_form(w: World) -> Sample:
    more = {"From": "MAILER-DAEMON@old.example", "sender": "", "recipients": (w.bounce_a,)}
    return plain(TRAY, "automatic", kind="automatic", text="550 no such user", guess=A, **more)


@sample
def a_mail_with_scripts_and_pictures(w: World) -> Sample:
    html = mail("Hola.", In_Reply_To=w.sent_a)
    html.add_alternative(
        "<p onclick='x()'>Hola</p><script>alert(1)</script><img src='https://spy.example/p.gif'>"
        "<img src='cid:logo'><a href='javascript:x()'>a</a><iframe src='https://evil.example'></iframe>"
        "<style>p{background:url(https://spy.example)}</style>"
        "<table background='https://spy.example/t'><tr><td style='background:url(//spy.example/s)'>x</td></tr></table>"
        "<img srcset='https://spy.example/2x.gif 2x' src='//spy.example/1x.gif'>"
        "<input type=image src='https://spy.example/i'><video poster='https://spy.example/v'></video>"
        "<audio src='https://spy.example/a'></audio><svg><image href='https://spy.example/g'/></svg>"
        "<link rel=stylesheet href='https://spy.example/l'><object data='https://spy.example/o'></object>"
        "<embed src='https://spy.example/e'><base href='https://spy.example/'>"
        "<meta http-equiv=refresh content='0;url=https://spy.example'>",
        subtype="html",
    )
    spies = ("script", "spy.example", "onclick", "javascript", "iframe", "style")
    return Sample(html.as_bytes(), A, holds=("<p>Hola</p>", "cid:logo"), lacks=spies)


@sample
def markup_without_text(w: World) -> Sample:
    html = mail(In_Reply_To=w.sent_a)
    html.set_content("<div>Primera</div><div>Segunda &amp; última</div>", subtype="html")
    return Sample(html.as_bytes(), A, holds=("Primera", "Segunda & última"))


@sample
def an_answer_above_a_quotation(w: World) -> Sample:
    text = "Sigue sin llegar.\n\nEl mar, 15 ene 2030, Soporte <soporte@trato.example> escribió:\n> Se la enviamos.\n"
    return plain(A, In_Reply_To=w.sent_a, text=text, holds=("Sigue sin llegar.",))


@sample
def a_mail_with_files(w: World) -> Sample:
    files = mail("Adjunto la foto.", In_Reply_To=w.sent_a)
    files.add_attachment(b"\x89PNG....", maintype="image", subtype="png", filename="../../foto ñandú.png")
    files.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="factura.pdf")
    return Sample(files.as_bytes(), A)


@sample
def letters_that_nobody_knows(w: World) -> Sample:
    raw = mail("Hola.", In_Reply_To=w.sent_a).as_bytes().replace(b'charset="utf-8"', b'charset="x-klingon"')
    return Sample(raw, A, holds=("Hola.",))


@sample
def a_mail_without_a_message_id(w: World) -> Sample:
    return plain(A, In_Reply_To=w.sent_a, Message_ID=None)


@sample
def a_mail_without_a_sender(w: World) -> Sample:
    return plain(TRAY, "unreadable", kind="unreadable", From=None, In_Reply_To=w.sent_a)


@sample
def rubbish(w: World) -> Sample:
    return Sample(bytes(range(256)) * 8, TRAY, "unreadable", kind="unreadable")


@sample
def nothing_at_all(w: World) -> Sample:
    return Sample(b"", TRAY, "unreadable", kind="unreadable")


@sample
def broken_parts(w: World) -> Sample:
    head = f"From: ana@acme.example\r\nTo: {OWN}\r\nIn-Reply-To: {w.sent_a}\r\nMessage-ID: <broken@acme.example>\r\n"
    body = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nHola'
    return Sample((head + body).encode(), A)
