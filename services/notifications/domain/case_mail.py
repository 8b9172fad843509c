"""The mail by which a reply to a case reaches the customer, where no template says otherwise."""

from typing import Final

from chassis.translated import TranslatedLine, TranslatedText

TEMPLATE: Final = "case-reply"  # an active template of this slug replaces what is written here
SUBJECT: Final = TranslatedLine(es="Re: {{ case.subject }}", en="Re: {{ case.subject }}")
TEXT: Final = TranslatedText(
    es="{{ reply.text }}\n\n-- \nCaso {{ case.number }}. Puede contestar a este correo.\n",
    en="{{ reply.text }}\n\n-- \nCase {{ case.number }}. You may answer this mail.\n",
)
SAMPLE: Final = {
    "case": {"number": "CAS-2030-000123", "subject": "La factura no llega"},
    "reply": {"text": "Buenos días: la hemos enviado de nuevo."},
}


def tagged(subject: str, number: str | None) -> str:
    """Return the subject with the case's number in brackets, once, by which the answer finds back."""
    if not number or f"[{number}]" in subject:
        return subject
    return f"{subject[: 250 - len(number)]} [{number}]"
