"""A quote as it is printed."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from chassis.money import Money
from services.sales.domain.line import Line
from services.sales.domain.quote import Quote

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "quote": "Presupuesto",
        "version": "versión",
        "date": "Fecha",
        "valid": "Válido hasta",
        "description": "Descripción",
        "quantity": "Cantidad",
        "price": "Precio",
        "discount": "Dto. %",
        "total": "Total",
    },
    "en": {
        "quote": "Quote",
        "version": "version",
        "date": "Date",
        "valid": "Valid until",
        "description": "Description",
        "quantity": "Quantity",
        "price": "Price",
        "discount": "Disc. %",
        "total": "Total",
    },
}
_MARGIN: Final = 20 * mm
_WIDTHS: Final = (68 * mm, 22 * mm, 31 * mm, 16 * mm, 33 * mm)
_LONG_WORD: Final = re.compile(r"(\S{40})(?=\S)")
_RULE: Final = colors.HexColor("#888888")


def rendered(quote: Quote, on: date, issuer: str) -> bytes:
    """Return the PDF of a quote, dated ``on``, under the name of who makes the offer; the same gives the same bytes."""
    spanish = quote.language.startswith("es")
    words, styles = _WORDS["es" if spanish else "en"], getSampleStyleSheet()
    title = f"{words['quote']} {quote.number}, {words['version']} {quote.revision}"
    story: list[Any] = [Paragraph(_lines(issuer), styles["Heading3"])] if issuer else []
    story += [Paragraph(escape(title), styles["Title"]), Paragraph(_lines(quote.title), styles["Heading2"])]
    if quote.recipient:
        story += [Paragraph(_lines(quote.recipient), styles["Normal"]), Spacer(1, 4 * mm)]
    story.append(Paragraph(f"{words['date']}: {_day(on, spanish=spanish)}", styles["Normal"]))
    if quote.valid_until:
        story.append(Paragraph(f"{words['valid']}: {_day(quote.valid_until, spanish=spanish)}", styles["Normal"]))
    story += [Spacer(1, 6 * mm), _table(quote.lines, quote.total, words, styles["Normal"], spanish=spanish)]
    if quote.terms:
        story += [Spacer(1, 6 * mm), Paragraph(_lines(quote.terms), styles["Normal"])]
    into = io.BytesIO()
    page = SimpleDocTemplate(
        into, pagesize=A4, title=title, author=issuer, invariant=1, topMargin=_MARGIN, bottomMargin=_MARGIN,
        leftMargin=_MARGIN, rightMargin=_MARGIN,
    )  # fmt: skip
    page.build(story)
    return into.getvalue()


def _table(
    lines: Sequence[Line], total: Money | None, words: Mapping[str, str], left: ParagraphStyle, *, spanish: bool
) -> Table:
    # Only what may be long is a paragraph: numbers fit their column, and a paragraph costs as much as a whole line.
    rows: list[list[Any]] = [[words[name] for name in ("description", "quantity", "price", "discount", "total")]]
    rows += [
        [
            Paragraph(_lines(line.description), left),
            _number(line.quantity, spanish=spanish),
            _amount(line.unit_price, spanish=spanish),
            _number(line.discount, spanish=spanish) if line.discount else "",
            _amount(line.total, spanish=spanish),
        ]
        for line in lines
    ]
    bold = [("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
    if total is not None:
        rows.append([words["total"], "", "", "", _amount(total, spanish=spanish)])
        bold.append(("FONTNAME", (0, -1), (-1, -1), "Helvetica-Bold"))
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    shape = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("FONTSIZE", (1, 0), (-1, -1), 9),
    ]
    table.setStyle(TableStyle([*shape, *bold]))
    return table


def _lines(text: str) -> str:
    # A word longer than a line is cut here: to find out where it fits best takes seconds.
    return escape(_LONG_WORD.sub(r"\1 ", text)).replace("\n", "<br/>")


def _day(day: date, *, spanish: bool) -> str:
    return day.strftime("%d/%m/%Y") if spanish else day.isoformat()


def _number(number: Decimal, *, spanish: bool) -> str:
    text = f"{number.normalize():,f}"
    return text.translate(str.maketrans(",.", ".,")) if spanish else text


def _amount(amount: Money, *, spanish: bool) -> str:
    text = f"{amount.amount:,f}"
    return f"{text.translate(str.maketrans(',.', '.,')) if spanish else text} {amount.currency}"
