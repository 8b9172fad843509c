import pytest

from services.notifications.domain.quotation import parted


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Gracias.\n\n> Hola\n> qué tal", "Gracias."),
        ("Thanks.\n\nOn Tue, 15 Jan 2030 at 12:00, Support <s@x.example> wrote:\n> Hello", "Thanks."),
        ("Gracias.\n\nEl mar, 15 ene 2030 a las 12:00, Soporte (<s@x.example>)\nescribió:\n> Hola", "Gracias."),
        ("Vale\n\n-----Mensaje original-----\nDe: Soporte", "Vale"),
        ("Vale\n\nDe: Soporte <s@x.example>\nEnviado: martes\nPara: Ana\n\nHola", "Vale"),
        ("Vale\n________________________________\nFrom: Support", "Vale"),
        ("Sin cita.\nDos líneas.", "Sin cita.\nDos líneas."),
        ("De: aquí hasta allí\nno hay nada", "De: aquí hasta allí\nno hay nada"),
    ],
)
def test_what_is_new_is_told_from_what_is_quoted(text, new):
    found, quoted = parted(text)
    assert found == new
    assert all(line.strip() in f"{found}\n{quoted}" for line in text.splitlines()), "nothing is lost"


@pytest.mark.parametrize("text", ["> ¿Cuándo?\nMañana.\n> ¿Dónde?\nAquí.", "> nada más que una cita"])
def test_an_answer_between_the_lines_and_a_bare_quotation_stay_whole(text):
    assert parted(text) == (text, "")
