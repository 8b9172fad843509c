import base64
import re
import zlib
from datetime import date
from decimal import Decimal

import pytest

from chassis.money import Money
from services.sales.adapters.quote_pdf import rendered
from services.sales.domain.line import Line, NewLine
from services.sales.domain.quote import Quote

DAY = date(2030, 1, 15)
ISSUER = "Fibra & Norte, S.A."


def quote(**more):
    new = NewLine(description="Torno <b> & más", quantity=Decimal("1234.5"), unit_price=Money(Decimal("99.90"), "EUR"))
    made = Quote(**{"number": "Q2030-00001", "title": "Tornos", "language": "es", **more})
    made.put_lines([Line.of(new)])
    return made


def test_the_same_quote_is_the_same_file():
    assert rendered(quote(), DAY, ISSUER) == rendered(quote(), DAY, ISSUER)
    assert rendered(quote(), DAY, ISSUER) != rendered(quote(language="en"), DAY, ISSUER)


def written(pdf):
    """Return the drawing instructions of a PDF, unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return b"".join(zlib.decompress(base64.a85decode(each.strip(), adobe=False)) for each in map(_whole, packed))


def _whole(stream):
    return stream.strip().removesuffix(b"~>")


def test_it_says_who_makes_the_offer_and_nothing_where_nobody_was_named():
    assert b"(Fibra & Norte, S.A.) Tj" in written(rendered(quote(), DAY, ISSUER))
    assert b"/Author (Fibra & Norte, S.A.)" in rendered(quote(), DAY, ISSUER)
    assert b"Fibra" not in written(rendered(quote(), DAY, ""))


@pytest.mark.parametrize("text", ["Łódź", "日本語", "\u202e💥", "<font color='red'>", "&amp; </para>", "x" * 9000])
def test_whatever_is_written_in_it_can_be_printed(text):
    assert rendered(quote(title=text[:255], recipient=text, terms=f"{text}\n{text}"), DAY, text).startswith(b"%PDF-")


def test_a_quote_may_take_many_pages():
    long = quote()
    long.put_lines([line.again() for line in long.lines * 100])
    assert rendered(long, DAY, ISSUER).count(b"/Type /Page\n") + rendered(long, DAY, ISSUER).count(b"/Type /Page ") >= 3
