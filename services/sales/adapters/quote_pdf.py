"""A quote as it is printed."""

import io
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
_WIDTHS: Final = (74 * mm, 22 * mm, 30 * mm, 16 * mm, 28 * mm)
_RULE: Final = colors.HexColor("#888888")


def rendered(quote: Quote, on: date) -> bytes:
    """Return the PDF of a quote, dated ``on``; the same quote gives the same bytes."""
    spanish = quote.language.startswith("es")
    words, styles = _WORDS["es" if spanish else "en"], getSampleStyleSheet()
    right = ParagraphStyle("right", parent=styles["Normal"], alignment=2)
    title = f"{words['quote']} {quote.number}, {words['version']} {quote.revision}"
    story: list[Any] = [Paragraph(escape(title), styles["Title"]), Paragraph(escape(quote.title), styles["Heading2"])]
    if quote.recipient:
        story += [Paragraph(_lines(quote.recipient), styles["Normal"]), Spacer(1, 4 * mm)]
    story.append(Paragraph(f"{words['date']}: {_day(on, spanish=spanish)}", styles["Normal"]))
    if quote.valid_until:
        story.append(Paragraph(f"{words['valid']}: {_day(quote.valid_until, spanish=spanish)}", styles["Normal"]))
    story += [Spacer(1, 6 * mm), _table(quote.lines, quote.total, words, styles["Normal"], right, spanish=spanish)]
    if quote.terms:
        story += [Spacer(1, 6 * mm), Paragraph(_lines(quote.terms), styles["Normal"])]
    into = io.BytesIO()
    page = SimpleDocTemplate(
        into, pagesize=A4, title=title, invariant=1, topMargin=_MARGIN, bottomMargin=_MARGIN,
        leftMargin=_MARGIN, rightMargin=_MARGIN,
    )  # fmt: skip
    page.build(story)
    return into.getvalue()


def _table(
    lines: Sequence[Line],
    total: Money | None,
    words: Mapping[str, str],
    left: ParagraphStyle,
    right: ParagraphStyle,
    *,
    spanish: bool,
) -> Table:
    rows: list[list[Any]] = [
        [
            Paragraph(f"<b>{words[name]}</b>", left if name == "description" else right)
            for name in ("description", "quantity", "price", "discount", "total")
        ]
    ]
    rows += [
        [
            Paragraph(escape(line.description), left),
            Paragraph(_number(line.quantity, spanish=spanish), right),
            Paragraph(_amount(line.unit_price, spanish=spanish), right),
            Paragraph(_number(line.discount, spanish=spanish) if line.discount else "", right),
            Paragraph(_amount(line.total, spanish=spanish), right),
        ]
        for line in lines
    ]
    if total is not None:
        last = f"<b>{_amount(total, spanish=spanish)}</b>"
        rows.append([Paragraph(f"<b>{words['total']}</b>", left), "", "", "", Paragraph(last, right)])
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _day(day: date, *, spanish: bool) -> str:
    return day.strftime("%d/%m/%Y") if spanish else day.isoformat()


def _number(number: Decimal, *, spanish: bool) -> str:
    text = f"{number.normalize():,f}"
    return text.translate(str.maketrans(",.", ".,")) if spanish else text


def _amount(amount: Money, *, spanish: bool) -> str:
    text = f"{amount.amount:,f}"
    return f"{text.translate(str.maketrans(',.', '.,')) if spanish else text} {amount.currency}"
