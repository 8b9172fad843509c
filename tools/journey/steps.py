"""The twelve steps of the story, in the order in which they are told."""

from collections.abc import Callable
from typing import Final

from tools.journey import answering, opening, outside, selling, serving
from tools.journey.story import Step, Story

STEPS: Final = (
    Step("Somebody signs in and makes a key", "Alguien entra y crea una clave", opening.sign_in),
    Step("A customer is put on file", "Un cliente entra en el fichero", opening.put_customer_on_file),
    Step("A campaign begins", "Empieza una campaña", selling.run_campaign),
    Step("A lead, and a real contact", "Un candidato, y un contacto real", selling.open_lead),
    Step("The lead is qualified, once", "El candidato se cualifica, una vez", selling.qualify_lead),
    Step("Lines, a quote, and won", "Líneas, oferta y ganada", selling.sell),
    Step("Winning is told", "Ganar se cuenta", selling.hear_of_the_win),
    Step("The customer opens a case", "El cliente abre un caso", serving.open_case),
    Step("Its clocks pause, warn and run out", "Sus relojes paran, avisan y vencen", serving.run_out_of_time),
    Step("We talk by mail", "Hablamos por correo", answering.talk_by_mail),
    Step("Solved, and how was it?", "Resuelto, ¿y qué tal?", answering.solve),
    Step("Another program heard it all", "Otro programa lo oyó todo", outside.hear_everything),
)


def play(
    story: Story,
    *,
    before: Callable[[int, Step], None] = lambda _number, _step: None,
    after: Callable[[int, Step, list[str]], None] = lambda _number, _step, _seen: None,
) -> None:
    """Play the whole story; ``after`` is given what was seen. Raises ``AssertionError`` where it goes otherwise."""
    with story.outsider.listening(story.mark) as file:
        story["heard"] = file
        for number, step in enumerate(STEPS, start=1):
            story.seen = []
            before(number, step)
            step.play(story)
            after(number, step, story.seen)
