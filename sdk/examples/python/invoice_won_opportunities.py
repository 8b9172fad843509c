"""The billing department drafts an invoice for every opportunity that is won, once each, whatever happens.

TRATO_EVENTS_URL=amqp://billing:…@host:5672/trato python invoice_won_opportunities.py invoices.sqlite3
"""

import logging
import sys

from trato_events import Event, Permanent, SqliteStore, subscribe

INVOICES = "CREATE TABLE IF NOT EXISTS invoices (opportunity_id TEXT PRIMARY KEY, amount TEXT, currency TEXT)"


def main() -> None:
    """Listen until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("pika").setLevel(logging.WARNING)
    store = SqliteStore(sys.argv[1])
    with store.transaction() as connection:
        connection.execute(INVOICES)

    def draft_invoice(event: Event) -> None:
        amount = event.data["amount"]
        if amount is None:
            raise Permanent("won without an amount: somebody has to look")
        # One transaction holds the invoice and that the event was handled: both, or neither.
        with store.transaction() as connection:
            row = [event.data["opportunity_id"], amount["amount"], amount["currency"]]
            connection.execute("INSERT OR IGNORE INTO invoices VALUES (?, ?, ?)", row)
            store.add(event)
        print(f"invoice drafted: {event.data['name']}, {amount['amount']} {amount['currency']}", flush=True)

    subscribe("crm.sales.opportunity_won.v1", draft_invoice, store=store, start="first")


if __name__ == "__main__":
    main()
