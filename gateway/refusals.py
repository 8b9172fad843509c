"""What the gateway itself refuses, in both languages; everything else is refused by a service."""

from chassis.errors import DomainError, Forbidden, NotFound, Unauthenticated


class NoSuchAddress(NotFound):
    """There is nothing at this address."""

    slug = "no-such-address"
    es = "No hay nada en esta dirección."


class MethodNotAllowed(DomainError):
    """This address does not take {method}; it takes {allow}."""

    status, slug = 405, "method-not-allowed"
    es = "Esta dirección no admite {method}; admite {allow}."


class MalformedJson(DomainError):
    """The body is not JSON: {reason} at line {line}, column {column}."""

    status, slug = 400, "malformed-json"
    es = "El cuerpo no es JSON: {reason} en la línea {line}, columna {column}."


class MalformedRequest(DomainError):
    """The request cannot be read: {part} is malformed."""

    status, slug = 400, "malformed-request"
    es = "La petición no se puede leer: {part} está mal formado."


class UnsupportedMediaType(DomainError):
    """Send the body as {expected}."""

    status, slug = 415, "unsupported-media-type"
    es = "Envíe el cuerpo como {expected}."


class RangeNotSatisfiable(DomainError):
    """The file has {size} bytes; the range asked for is outside."""

    status, slug = 416, "range-not-satisfiable"
    es = "El fichero tiene {size} bytes; el intervalo pedido queda fuera."


class LinkExpired(NotFound):
    """This download link is not valid or has expired."""

    slug = "link-expired"
    es = "Este enlace de descarga no es válido o ha caducado."


class TokenExpired(Unauthenticated):
    """This access token has expired; ask for a new one."""

    slug = "token-expired"
    es = "Este token de acceso ha caducado; pida uno nuevo."


class CsrfTokenMissing(Forbidden):
    """Send X-CSRF-Token with the value that the session gave."""

    slug = "csrf-token-missing"
    es = "Envíe X-CSRF-Token con el valor que dio la sesión."


class TooManyListeners(DomainError):
    """Too many live connections are open; try again in {retry_after} seconds."""

    status, slug = 503, "too-many-listeners"
    es = "Hay demasiadas conexiones en vivo abiertas; inténtelo dentro de {retry_after} segundos."


class InternalError(DomainError):
    """Something went wrong on our side; tell us the request id {request_id}."""

    status, slug = 500, "internal-error"
    es = "Algo ha fallado por nuestra parte; indíquenos el identificador de la petición {request_id}."
