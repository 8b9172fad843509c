"""The errors a service may show to its callers.

A category says how the caller should react and maps to one HTTP status; a slug says what happened and never
changes once published. The first line of the docstring is the English sentence, ``es`` the Spanish one; both
may name parameters in braces. A parameter that is ``Bilingual`` is said in the sentence's language; what a program
reads of a choice is its value.
"""

from enum import Enum
from typing import Any, ClassVar

from chassis.words import Bilingual

LOCALES = ("en", "es")


class _Missing(dict[str, Any]):
    """Leaves ``{name}`` standing where a parameter was not given, rather than failing while refusing."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Refusal(Exception):
    """A ``DomainError`` as it travels between processes. This class never moves."""

    def __init__(self, status: int, slug: str, detail: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(int(status), slug, detail, params or {})
        self.status, self.slug, self.detail, self.params = int(status), slug, detail, params or {}


def _said(value: Any, locale: str) -> Any:
    return value.in_(locale) if isinstance(value, Bilingual) else value


class DomainError(Exception):
    """The request was understood and refused."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    es: ClassVar[str] = "La petición se entendió y se rechazó."

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.sentence("en"))

    def sentence(self, locale: str) -> str:
        """Return the sentence a person reads, in ``locale`` (en or es)."""
        text = self.es if locale == "es" else (type(self).__doc__ or "").strip().splitlines()[0]
        return text.format_map(_Missing({name: _said(value, locale) for name, value in self.params.items()}))

    def to_wire(self, locale: str) -> Refusal:
        """Return the refusal that leaves the service."""
        return Refusal(self.status, self.slug, self.sentence(locale), self._sent(locale))

    def _sent(self, locale: str) -> dict[str, Any]:
        return {
            name: value.value if isinstance(value, Enum) else _said(value, locale)
            for name, value in self.params.items()
        }


class Invalid(DomainError):
    """The request does not make sense as it stands."""

    status, slug = 422, "invalid"
    es = "La petición no tiene sentido tal como está."


class ValidationFailed(Invalid):
    """Some fields are wrong."""

    slug = "validation-failed"
    es = "Hay campos incorrectos."

    def __init__(self, errors: list[dict[str, str]], **params: Any) -> None:
        super().__init__(errors=errors, **params)


class Unauthenticated(DomainError):
    """Sign in first, or send a valid token."""

    status, slug = 401, "unauthenticated"
    es = "Inicie sesión primero o envíe un token válido."


class Forbidden(DomainError):
    """This is not allowed."""

    status, slug = 403, "forbidden"
    es = "No está permitido."


class PermissionDenied(Forbidden):
    """This needs the permission {permission}, which you do not have."""

    slug = "permission-denied"
    es = "Esto necesita el permiso {permission}, que usted no tiene."


class NotFound(DomainError):
    """There is nothing by that id that you may see."""

    status, slug = 404, "not-found"
    es = "No hay nada con ese identificador que usted pueda ver."


class Conflict(DomainError):
    """The request contradicts the present state."""

    status, slug = 409, "conflict"
    es = "La petición contradice el estado actual."


class VersionConflict(DomainError):
    """Somebody else changed this record first; load it again."""

    status, slug = 412, "version-conflict"
    es = "Otra persona modificó antes este registro; cárguelo de nuevo."


class PreconditionRequired(DomainError):
    """Send If-Match with the ETag of the version that you are changing."""

    status, slug = 428, "if-match-required"
    es = "Envíe If-Match con el ETag de la versión que está modificando."


class TooLarge(DomainError):
    """The request is too large; the limit is {limit}."""

    status, slug = 413, "too-large"
    es = "La petición es demasiado grande; el límite es {limit}."


class TooMany(DomainError):
    """Too many requests; try again in {retry_after} seconds."""

    status, slug = 429, "too-many-requests"
    es = "Demasiadas peticiones; inténtelo de nuevo dentro de {retry_after} segundos."


class Unavailable(DomainError):
    """This part of the system does not answer now; try again shortly."""

    status, slug = 503, "unavailable"
    es = "Esta parte del sistema no responde ahora; inténtelo de nuevo en breve."


class DeadlineExceeded(DomainError):
    """The answer took too long and was given up; nothing will be done later."""

    status, slug = 504, "deadline-exceeded"
    es = "La respuesta tardó demasiado y se abandonó; nada se hará más tarde."


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was already used for another request; use a new key."""

    slug = "idempotency-key-reused"
    es = "Esta Idempotency-Key ya se usó para otra petición; use una clave nueva."


class StillRunning(Conflict):
    """A request with this Idempotency-Key is still running; try again in {retry_after} seconds."""

    slug = "still-running"
    es = "Una petición con esta Idempotency-Key sigue en curso; inténtelo de nuevo dentro de {retry_after} segundos."
