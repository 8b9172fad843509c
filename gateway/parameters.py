"""Query parameters of the gateway's own routes: unknown ones are refused, as everywhere."""

from collections.abc import Collection

from chassis.errors import ValidationFailed
from gateway.request import Params, Request


def unknown(request: Request, params: Params, known: Collection[str]) -> list[dict[str, str]]:
    """Return a field error for each parameter that the route does not know."""
    detail = "Aquí no existe este parámetro." if request.locale == "es" else "There is no such parameter here."
    return [{"parameter": name, "detail": detail} for name in params if name not in known]


def refuse_all(request: Request) -> None:
    """Refuse any parameter (422), for routes that take none."""
    if errors := unknown(request, request.params(), ()):
        raise ValidationFailed(errors)
