"""The mail that asks a customer how satisfied they are, where no template says otherwise."""

from typing import Final

from chassis.translated import TranslatedLine, TranslatedText

TEMPLATE: Final = "survey"  # an active template of this slug replaces what is written here
SUBJECT: Final = TranslatedLine(
    es="¿Cómo le hemos atendido? Caso {{ case.number }}", en="How did we do? Case {{ case.number }}"
)
SAMPLE: Final = {
    "case": {"number": "CAS-2030-000123", "subject": "La factura no llega"},
    "survey": {"link": "https://crm.example.com/v1/surveys/answers/x", "token": "x"},
}
TEXT: Final = TranslatedText(
    es="Hemos resuelto «{{ case.subject }}».\n\n¿Está satisfecho? Conteste aquí, de 1 a 5:\n{{ survey.link }}\n",
    en="We have solved “{{ case.subject }}”.\n\nAre you satisfied? Answer here, from 1 to 5:\n{{ survey.link }}\n",
)
