"""The settings of an installation: each declared here once, with its kind, its default and what it means."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from chassis.parameters import Parameter
from contracts.parameters import (
    AUTOMATIC_REPLIES_PER_HOUR,
    DUPLICATE_POLICY,
    FORECAST_SNAPSHOT_DAYS,
    ORGANISATION_CURRENCY,
    ORGANISATION_NAME,
    REOPENINGS_PER_HOUR,
    SAME_SUBJECT_DAYS,
    UNDO_QUALIFICATION_MINUTES,
)

ParameterKind = Literal["integer", "text", "flag", "choice", "document"]

_LONGEST_TEXT: Final = 2000


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One setting. ``minimum`` and ``maximum`` hold for integers, ``options`` for choices; units are in the key."""

    key: str
    kind: ParameterKind
    default: Any
    en: str
    es: str
    minimum: int | None = None
    maximum: int | None = None
    options: tuple[str, ...] = ()
    pattern: str | None = field(default=None, repr=False)

    def problem(self, value: Any) -> tuple[str, str] | None:
        """Return what is wrong with ``value`` as an English and a Spanish sentence, or None."""
        match self.kind:
            case "integer":
                return self._integer_problem(value)
            case "flag":
                return None if isinstance(value, bool) else ("Send true or false.", "Envíe true o false.")
            case "choice":
                wanted = ", ".join(self.options)
                return None if value in self.options else (f"Send one of: {wanted}.", f"Envíe uno de: {wanted}.")
            case "document":
                return None if isinstance(value, dict) else ("Send an object.", "Envíe un objeto.")
        return self._text_problem(value)

    def _integer_problem(self, value: Any) -> tuple[str, str] | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return "Send a whole number.", "Envíe un número entero."
        if self.minimum is not None and value < self.minimum:
            return f"Send {self.minimum} or more.", f"Envíe {self.minimum} o más."
        if self.maximum is not None and value > self.maximum:
            return f"Send {self.maximum} or less.", f"Envíe {self.maximum} o menos."
        return None

    def _text_problem(self, value: Any) -> tuple[str, str] | None:
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            return f"Send a text of at most {_LONGEST_TEXT} characters.", (
                f"Envíe un texto de {_LONGEST_TEXT} caracteres como mucho."
            )
        if self.pattern is not None and re.fullmatch(self.pattern, value) is None:
            return "The text does not have the expected form.", "El texto no tiene la forma esperada."
        return None


def _followed(parameter: Parameter[Any], **details: Any) -> Declaration:
    """Declare a setting that other services follow."""
    return Declaration(key=parameter.key, default=parameter.default, **details)


_DECLARED: Final = (
    _followed(
        ORGANISATION_NAME,
        kind="text",
        en="The name of the organisation, as customers read it.",
        es="El nombre de la organización, tal como lo leen los clientes.",
    ),
    _followed(
        ORGANISATION_CURRENCY,
        kind="text",
        pattern="[A-Z]{3}",
        en="The currency that figures are converted to (ISO 4217).",
        es="La moneda a la que se convierten las cifras (ISO 4217).",
    ),
    Declaration(
        key="password.min_length",
        kind="integer",
        default=10,
        minimum=8,
        maximum=64,
        en="The fewest characters that a new password may have.",
        es="El mínimo de caracteres de una contraseña nueva.",
    ),
    Declaration(
        key="password.max_age_days",
        kind="integer",
        default=0,
        minimum=0,
        maximum=3650,
        en="After how many days a password must be changed; 0 means never.",
        es="A los cuántos días hay que cambiar la contraseña; 0 significa nunca.",
    ),
    Declaration(
        key="session.idle_minutes",
        kind="integer",
        default=480,
        minimum=5,
        maximum=10_080,
        en="After how many minutes without use a session ends.",
        es="A los cuántos minutos sin uso termina una sesión.",
    ),
    Declaration(
        key="session.absolute_hours",
        kind="integer",
        default=168,
        minimum=1,
        maximum=2_160,
        en="After how many hours a session ends even if it is used.",
        es="A las cuántas horas termina una sesión aunque se use.",
    ),
    Declaration(
        key="log_in.max_delay_seconds",
        kind="integer",
        default=900,
        minimum=1,
        maximum=86_400,
        en="The longest delay after failed log-ins.",
        es="La espera más larga tras intentos fallidos de inicio de sesión.",
    ),
    Declaration(
        key="api_key.max_days",
        kind="integer",
        default=0,
        minimum=0,
        maximum=3650,
        en="How many days a new API key may live at most; 0 means no limit.",
        es="Cuántos días puede vivir como mucho una clave de API nueva; 0 significa sin límite.",
    ),
    _followed(
        AUTOMATIC_REPLIES_PER_HOUR,
        kind="integer",
        minimum=0,
        maximum=100,
        en="How many mails one address gets within an hour that no person wrote; 0 means none.",
        es="Cuántos correos que no escribió una persona recibe una dirección en una hora; 0 significa ninguno.",
    ),
    _followed(
        REOPENINGS_PER_HOUR,
        kind="integer",
        minimum=0,
        maximum=100,
        en="How often within an hour the mails of one sender reopen a case; 0 means never.",
        es="Cuántas veces en una hora los correos de un remitente reabren un caso; 0 significa nunca.",
    ),
    _followed(
        SAME_SUBJECT_DAYS,
        kind="integer",
        minimum=0,
        maximum=30,
        en="For how many days a mail with the subject of a case, from somebody in it, joins the case; 0 means never.",
        es="Durante cuántos días un correo con el asunto de un caso, de quien participa en él, se une al caso; "
        "0 significa nunca.",
    ),
    _followed(
        DUPLICATE_POLICY,
        kind="choice",
        options=("warn", "off"),
        en="Whether a possible duplicate is reported when a contact is created.",
        es="Si se avisa de un posible duplicado al crear un contacto.",
    ),
    _followed(
        UNDO_QUALIFICATION_MINUTES,
        kind="integer",
        minimum=0,
        maximum=1440,
        en="For how many minutes the qualification of a lead can be undone; 0 means never.",
        es="Durante cuántos minutos se puede deshacer la calificación de un candidato; 0 significa nunca.",
    ),
    _followed(
        FORECAST_SNAPSHOT_DAYS,
        kind="integer",
        minimum=7,
        maximum=3650,
        en="For how many days the nightly snapshots of the forecast are kept.",
        es="Durante cuántos días se conservan las instantáneas nocturnas de la previsión.",
    ),
)

CATALOGUE: Final = {declaration.key: declaration for declaration in _DECLARED}
