"""What is said about a wrong field, in English and Spanish, and the list of errors that a refusal carries."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Self, cast

from marshmallow import ValidationError

from chassis.context import current_call

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "required": ("This field is required.", "Este campo es obligatorio."),
    "null": ("This field may not be null.", "Este campo no puede ser nulo."),
    "unknown": ("There is no such field here, or it may not be set.", "Aquí no existe este campo o no se puede fijar."),
    "object": ("A JSON object is expected.", "Se espera un objeto JSON."),
    "list": ("A list is expected.", "Se espera una lista."),
    "too_many_items": ("At most {max} items are accepted.", "Se admiten como máximo {max} elementos."),
    "duplicate_items": ("Each item may appear once only.", "Cada elemento puede aparecer una sola vez."),
    "text": ("A text is expected.", "Se espera un texto."),
    "blank": ("This text may not be empty.", "Este texto no puede estar vacío."),
    "too_short": ("At least {min} characters are needed.", "Se necesitan al menos {min} caracteres."),
    "too_long": ("At most {max} characters are accepted.", "Se admiten como máximo {max} caracteres."),
    "control_characters": (
        "Control characters and broken Unicode are not accepted.",
        "No se admiten caracteres de control ni Unicode defectuoso.",
    ),
    "email": ("This is not an e-mail address.", "Esto no es una dirección de correo electrónico."),
    "phone": (
        "This is not a telephone number; write it with its country code, for example +34 911 234 567.",
        "Esto no es un número de teléfono; escríbalo con su prefijo de país, por ejemplo +34 911 234 567.",
    ),
    "url": (
        "This is not a web address that begins with http:// or https://.",
        "Esto no es una dirección web que empiece por http:// o https://.",
    ),
    "country": (
        "This is not a country code of two letters (ISO 3166-1), such as ES.",
        "Esto no es un código de país de dos letras (ISO 3166-1), como ES.",
    ),
    "currency": (
        "This is not a currency code of three letters (ISO 4217), such as EUR.",
        "Esto no es un código de moneda de tres letras (ISO 4217), como EUR.",
    ),
    "locale": ("This is not a language code, such as es or en-GB.", "Esto no es un código de idioma, como es o en-GB."),
    "time_zone": (
        "This is not a time zone, such as Europe/Madrid.",
        "Esto no es una zona horaria, como Europe/Madrid.",
    ),
    "slug": (
        "Only lower-case letters, digits and single hyphens between them are accepted.",
        "Solo se admiten minúsculas, cifras y guiones sueltos entre ellas.",
    ),
    "uuid": ("This is not an id (UUID).", "Esto no es un identificador (UUID)."),
    "instant": (
        "This is not an instant with its time zone (RFC 3339), such as 2026-01-31T09:30:00Z.",
        "Esto no es un instante con su zona horaria (RFC 3339), como 2026-01-31T09:30:00Z.",
    ),
    "day": ("This is not a day, such as 2026-01-31.", "Esto no es un día, como 2026-01-31."),
    "integer": ("A whole number is expected.", "Se espera un número entero."),
    "number": ("A number is expected.", "Se espera un número."),
    "decimal": (
        'A decimal number written as text is expected, such as "12.50".',
        'Se espera un número decimal escrito como texto, como "12.50".',
    ),
    "too_small": ("This must be at least {min}.", "Debe ser como mínimo {min}."),
    "too_big": ("This must be at most {max}.", "Debe ser como máximo {max}."),
    "places": ("At most {places} decimal places are accepted.", "Se admiten como máximo {places} decimales."),
    "flag": ("true or false is expected.", "Se espera true o false."),
    "choice": ("This must be one of: {choices}.", "Debe ser uno de: {choices}."),
    "json_too_deep": ("This is nested too deeply.", "Tiene demasiados niveles anidados."),
    "json_too_large": (
        "This is too large; at most {max} bytes are accepted.",
        "Es demasiado grande; se admiten como máximo {max} bytes.",
    ),
    "invalid": ("This value is not valid.", "Este valor no es válido."),
    "parameter": ("There is no such parameter here.", "Aquí no existe este parámetro."),
    "parameter_once": ("This parameter may be given once only.", "Este parámetro solo puede darse una vez."),
    "sort": ("Sorting is possible by: {choices}.", "Se puede ordenar por: {choices}."),
    "cursor": (
        "This cursor is not valid for this list; start again without one.",
        "Este cursor no es válido para esta lista; empiece de nuevo sin él.",
    ),
    "operator": ("This field accepts the operators: {choices}.", "Este campo admite los operadores: {choices}."),
    "filter": (
        "Expected is an object with one of and, or, not, or with field, op and value.",
        "Se espera un objeto con uno de and, or, not, o con field, op y value.",
    ),
    "filter_field": (
        "There is no field of this name to filter by.",
        "No hay ningún campo con este nombre por el que filtrar.",
    ),
    "filter_depth": ("At most {max} levels are accepted.", "Se admiten como máximo {max} niveles."),
    "filter_size": ("At most {max} conditions are accepted.", "Se admiten como máximo {max} condiciones."),
}

# marshmallow says these itself, about the object as a whole.
_BUILT_IN: Final[Mapping[str, str]] = {
    "Missing data for required field.": "required",
    "Field may not be null.": "null",
    "Unknown field.": "unknown",
    "Invalid input type.": "object",
    "Invalid type.": "object",
    "Not a valid list.": "list",
    "Not a valid string.": "text",
    "Not a valid mapping type.": "object",
    "Invalid value.": "invalid",
}


class Said(str):
    """A sentence in English that knows its Spanish."""

    __slots__ = ("es",)
    es: str

    def __new__(cls, en: str, es: str) -> Self:
        """Return the English sentence, with the Spanish one attached."""
        said = super().__new__(cls, en)
        said.es = es
        return said


def sentence(key: str, **params: object) -> Said:
    """Return the sentence ``key`` of ``SENTENCES`` with its parameters filled in."""
    en, es = SENTENCES[key]
    return Said(en.format(**params), es.format(**params))


def say(key: str, **params: object) -> str:
    """Return the sentence ``key`` in the language of the current call."""
    return translate(sentence(key, **params), current_call.get().locale)


def translate(message: str, locale: str) -> str:
    """Return ``message`` in ``locale`` (en or es); a sentence that we do not know stays as it is."""
    if not isinstance(message, Said) and message in _BUILT_IN:
        message = sentence(_BUILT_IN[message])
    if isinstance(message, Said):
        return message.es if locale == "es" else str(message)
    return message


def errors_of(error: ValidationError, locale: str, *, prefix: str = "") -> list[dict[str, str]]:
    """Return ``[{"pointer": "/emails/0/address", "detail": …}]``: one for each thing said, in ``locale``.

    ``prefix`` goes before each pointer, for example ``/items/3`` for the fourth record of a bulk request.
    """
    messages: object = error.normalized_messages()  # type: ignore[no-untyped-call]
    found = _walk(messages, prefix)
    return [{"pointer": pointer, "detail": translate(message, locale)} for pointer, message in found]


def _walk(messages: object, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, below in cast("Mapping[object, Any]", messages).items():
            # marshmallow files what concerns the whole object under this name.
            step = "" if key == "_schema" else f"/{escaped(str(key))}"
            yield from _walk(below, pointer + step)
    elif isinstance(messages, list):
        for message in messages:
            yield from _walk(message, pointer)
    else:
        yield pointer, messages if isinstance(messages, str) else str(messages)


def escaped(key: str) -> str:
    """Return ``key`` as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
