"""An event for tests, without a broker."""

from datetime import UTC, datetime

from trato_events import Event


def an_event(id_="e1", *, subject="leads/1", sequence=1, type_="crm.sales.lead_created.v1", cursor=None):
    return Event(
        id=id_,
        source="/crm/sales",
        type=type_,
        subject=subject,
        time=datetime(2030, 1, 15, 12, tzinfo=UTC),
        sequence=sequence,
        data={},
        cursor=cursor,
    )
