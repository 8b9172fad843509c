"""`./trato demo`: one customer's story, played against the running system while a subscriber of its own listens."""

import secrets

from tools import subscribers
from tools.launcher import forward, stack, subscriber
from tools.launcher.place import Place
from tools.launcher.terminal import complain
from tools.launcher.words import tr


def run(place: Place, arguments: list[str]) -> int:
    """Play the story; 0 where it went as told. Raises ``Trouble`` where Trato does not run."""
    if arguments:
        complain(tr("./trato demo takes no options.", "./trato demo no admite opciones."))
        return 2
    forward.demand_running(place)
    broker, name = subscriber.administration(place), f"demo-{secrets.token_hex(3)}"
    password = subscribers.create(broker, name, place.services())
    environment = stack.last_environment(place)
    environment["TRATO_EVENTS_URL"] = subscribers.url_of(subscriber.address(place), name, password)
    try:
        return forward.python(place, ["tools.journey"], environment)
    finally:
        subscribers.remove(broker, name)
