"""What is refused about quotes."""

from chassis.errors import Conflict


class QuoteIsNotDraft(Conflict):
    """The quote is {state}; only a draft changes or is sent. Make a new version."""

    slug = "quote-is-not-draft"
    es = "El presupuesto está en estado «{state}»; solo cambia o se envía un borrador. Haga una versión nueva."


class QuoteIsNotSent(Conflict):
    """The quote is {state}; only one that was sent is accepted or refused."""

    slug = "quote-is-not-sent"
    es = "El presupuesto está en estado «{state}»; solo se acepta o rechaza uno enviado."


class QuoteHasNoLines(Conflict):
    """The quote offers nothing yet; add lines."""

    slug = "quote-has-no-lines"
    es = "El presupuesto todavía no ofrece nada; añada líneas."


class QuoteHasRunOut(Conflict):
    """The quote was valid until {valid_until}; make a new version."""

    slug = "quote-has-run-out"
    es = "El presupuesto valía hasta el {valid_until}; haga una versión nueva."


class QuoteHasALaterVersion(Conflict):
    """There is a later version of this quote, {revision}; make the new one from that."""

    slug = "quote-has-a-later-version"
    es = "Hay una versión posterior de este presupuesto, la {revision}; haga la nueva a partir de esa."
