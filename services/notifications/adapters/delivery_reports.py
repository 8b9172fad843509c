"""What mail servers report about mails of ours (RFC 3464)."""

from collections.abc import Iterator
from email.message import EmailMessage, Message
from typing import Any

from services.notifications.domain.parsed_mail import DeliveryReport


def reports_in(mail: EmailMessage) -> Iterator[DeliveryReport]:
    """Return what a delivery report says of each recipient; nothing for other mails."""
    for part in _parts(mail, "message/delivery-status"):
        blocks: Any = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            address = _after_type(block, "Original-Recipient") or _after_type(block, "Final-Recipient")
            if address:
                yield DeliveryReport(
                    address=address.strip("<>").lower(),
                    action=str(block.get("Action", "failed")).strip().lower(),
                    status=str(block.get("Status", "")).strip().partition(" ")[0] or "5.0.0",
                    said=(_after_type(block, "Diagnostic-Code") or "")[:2000],
                )


def returned_message(mail: EmailMessage) -> str | None:
    """Return the Message-ID of the mail that a report gives back, where it gives one."""
    for part in _parts(mail, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        inner: Any = part.get_payload()
        if isinstance(inner, list) and inner:
            return str(inner[0].get("Message-ID", "")).strip() or None
        for line in str(inner).splitlines():
            if line.lower().startswith("message-id:"):
                return line.partition(":")[2].strip() or None
    return None


def _parts(mail: EmailMessage, *types: str) -> Iterator[Message]:
    if mail.get_content_type() == "multipart/report":
        # Not walk(): what is inside the returned mail is not of the report.
        for part in mail.iter_parts():
            if part.get_content_type() in types:
                yield part


def _after_type(block: Any, name: str) -> str:
    value = str(block.get(name, ""))
    return " ".join(value.partition(";")[2].split() if ";" in value else value.split())
