from datetime import date
from decimal import Decimal

import pytest

from chassis.money import Money
from services.sales.adapters.quote_pdf import rendered
from services.sales.domain.line import Line, NewLine
from services.sales.domain.quote import Quote

DAY = date(2030, 1, 15)


def quote(**more):
    new = NewLine(description="Torno <b> & más", quantity=Decimal("1234.5"), unit_price=Money(Decimal("99.90"), "EUR"))
    made = Quote(**{"number": "Q2030-00001", "title": "Tornos", "language": "es", **more})
    made.put_lines([Line.of(new)])
    return made


def test_the_same_quote_is_the_same_file():
    assert rendered(quote(), DAY) == rendered(quote(), DAY)
    assert rendered(quote(), DAY) != rendered(quote(language="en"), DAY)


@pytest.mark.parametrize("text", ["Łódź", "日本語", "\u202e💥", "<font color='red'>", "&amp; </para>", "x" * 9000])
def test_whatever_is_written_in_it_can_be_printed(text):
    assert rendered(quote(title=text[:255], recipient=text, terms=f"{text}\n{text}"), DAY).startswith(b"%PDF-")


def test_a_quote_may_take_many_pages():
    long = quote()
    long.put_lines([line.again() for line in long.lines * 100])
    assert rendered(long, DAY).count(b"/Type /Page\n") + rendered(long, DAY).count(b"/Type /Page ") >= 3
