"""The mail that tells somebody that theirs was too large, where no template says otherwise."""

from typing import Final

from chassis.translated import TranslatedLine, TranslatedText

TEMPLATE: Final = "mail-too-large"  # an active template of this slug replaces what is written here
SUBJECT: Final = TranslatedLine(
    es="No hemos podido recibir su correo: {{ mail.subject }}", en="We could not take your mail: {{ mail.subject }}"
)
SAMPLE: Final = {"mail": {"subject": "Los planos", "megabytes": "30", "limit": "25"}}
TEXT: Final = TranslatedText(
    es="Su correo ocupa {{ mail.megabytes }} MB y podemos recibir hasta {{ mail.limit }} MB.\n\n"
    "Por favor, envíe los archivos en varios correos o mediante un enlace. Disculpe las molestias.\n",
    en="Your mail has {{ mail.megabytes }} MB, and we can take up to {{ mail.limit }} MB.\n\n"
    "Please send the files in several mails, or a link to them. We are sorry for the trouble.\n",
)
