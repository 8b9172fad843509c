"""The public HTTP API at a glance: a module for each service, in it one line for each endpoint.

``rpc`` names the operation that answers. ``gateway.…`` is answered here, by composing what services say. A module of
this folder is found by being here.
"""

import pkgutil
from importlib import import_module

from gateway.route import Route

ROUTES: tuple[Route, ...] = tuple(
    route for module in pkgutil.iter_modules(__path__) for route in import_module(f"{__name__}.{module.name}").ROUTES
)
