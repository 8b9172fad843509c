"""What stands on a parked message besides the event itself."""

from datetime import datetime, timezone
from typing import Any

import pika

ERROR = "x-trato-error"
ATTEMPTS = "x-trato-attempt"
AT = "x-trato-failed-at"
RESENT = "x-trato-resent"
_LENGTH = 2000


def with_reason(properties: Any, error: str, attempts: int) -> Any:
    """Return AMQP properties for a message that is put aside."""
    return pika.BasicProperties(
        content_type=properties.content_type,
        message_id=properties.message_id,
        type=properties.type,
        timestamp=properties.timestamp,
        delivery_mode=2,
        headers={
            ERROR: error[:_LENGTH],
            ATTEMPTS: attempts,
            AT: datetime.now(timezone.utc).isoformat(),
        },
    )


def afresh(properties: Any) -> Any:
    """Return AMQP properties for a message that is sent again as if it had not been tried, and says so."""
    return pika.BasicProperties(
        content_type=properties.content_type,
        message_id=properties.message_id,
        type=properties.type,
        timestamp=properties.timestamp,
        delivery_mode=2,
        headers={RESENT: True},
    )
