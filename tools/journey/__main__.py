"""`./trato demo`: plays the journey against the running system, a tick for each step that happened."""

import os
import sys
import time
from http.client import HTTPException

from tools.journey.api import Api
from tools.journey.outsider import Outsider
from tools.journey.postbox import Postbox
from tools.journey.steps import STEPS, play
from tools.journey.story import Step, Story
from tools.launcher.bring_up import DEMO_PASSWORD
from tools.launcher.place import here
from tools.launcher.terminal import complain, say
from tools.launcher.words import in_spanish, tr


class Stage:
    """Shows a step while it is played and what was seen when it is over."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.ticks = 0

    def announce(self, number: int, step: Step) -> None:
        """Show which step is played now; where nobody watches nothing is shown until it is over."""
        if sys.stdout.isatty():
            sys.stdout.write(f"  … {number:>2}  {step.sentence}\r")
            sys.stdout.flush()

    def tick(self, number: int, step: Step, seen: list[str]) -> None:
        """Show that a step is over, and what was seen."""
        seconds, self._began = time.monotonic() - self._began, time.monotonic()
        self.ticks += 1
        say(f"  ✓ {number:>2}  {step.sentence:<42} {seconds:6.1f} s")
        for line in seen:
            say(f"         {line}")


def main() -> int:
    """Play the story; 1 with a sentence where it does not go as told."""
    place = here()
    door = os.environ.get("TRATO_MAIL_IN_ADDRESS", "")
    if not door or not place.mail.exists():
        complain(
            tr(
                "The story needs the mail server of ./trato up: start Trato without TRATO_SMTP_URL.",
                "La historia necesita el servidor de correo de ./trato up: arranque Trato sin TRATO_SMTP_URL.",
            )
        )
        return 2
    story = Story(
        api=Api(_address(), language="es" if in_spanish() else "en"),
        postbox=Postbox(place.mail, door),
        outsider=Outsider(os.environ["TRATO_EVENTS_URL"], place.hidden / "journey"),
        password=DEMO_PASSWORD,
    )
    stage = Stage()
    say(
        tr("One customer's story, through every service:", "La historia de un cliente, por todos los servicios:") + "\n"
    )
    try:
        play(story, before=stage.announce, after=stage.tick)
    except (AssertionError, OSError, HTTPException) as broken:
        step = STEPS[stage.ticks]
        complain(f"  ✗ {stage.ticks + 1:>2}  {step.sentence}\n         {broken}")
        return 1
    say()
    say(tr(f"{stage.ticks} of {len(STEPS)} steps.", f"{stage.ticks} de {len(STEPS)} pasos."))
    say(tr("  The customer: ", "  El cliente: ") + f"{_address()}/v1/customers/{story['person_id']}")
    say(tr("  Their mails:  ./trato mail", "  Sus correos: ./trato mail"))
    return 0


def _address() -> str:
    host, _, port = os.environ["TRATO_HTTP_ADDRESS"].rpartition(":")
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared only


if __name__ == "__main__":
    sys.exit(main())
