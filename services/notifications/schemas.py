"""The public shapes of this service. Derived: a field is written in its model only."""

from marshmallow import fields

from chassis.field_kinds import EmailField, LocaleField, TextField
from chassis.field_kinds_exact import FlagField, IdField, InstantField, WholeField
from chassis.field_kinds_nested import DocumentField
from chassis.fields import Id
from chassis.schema import StrictSchema, schema_for, shape_for
from services.notifications.domain.inbox_item import InboxItem
from services.notifications.domain.mailbox import Mailbox
from services.notifications.domain.message import Message
from services.notifications.domain.notification_rule import NotificationRule
from services.notifications.domain.preference import Preference
from services.notifications.domain.template import Template, TemplatePreview
from services.notifications.domain.unsubscribing import Unsubscribing
from services.notifications.domain.webhook import Webhook
from services.notifications.domain.webhook_delivery import WebhookDelivery

WebhookSchema = schema_for(Webhook)
IssuedWebhookSchema = schema_for(Webhook, name="IssuedWebhookSchema", secret=TextField(dump_only=True))
WebhookDeliverySchema = schema_for(WebhookDelivery)


TemplateSchema = schema_for(Template)
TemplatePreviewSchema = shape_for(TemplatePreview)
MessageSchema = schema_for(Message)
NewMessageSchema = schema_for(
    Message,
    name="NewMessageSchema",
    exclude=("subject", "text", "locale"),
    subject=TextField(most=255, metadata={"description": "Needed unless a template is named."}),
    text=TextField(most=10_000, lines=True, metadata={"description": "Needed unless a template is named."}),
    locale=LocaleField(most=16),
    template_id=IdField(),
    values=DocumentField(load_only=True, metadata={"description": "What the template's placeholders stand for."}),
)


UnsubscribingSchema = shape_for(Unsubscribing)
InboxItemSchema = schema_for(InboxItem)


NotificationRuleSchema = schema_for(NotificationRule)
PreferenceSchema = schema_for(Preference, exclude=("owner_id", "group_id"), owner_id=Id)


class OneContactSchema(StrictSchema):
    """Which contact is asked about."""

    contact_id = IdField(required=True)


class WantedSchema(StrictSchema):
    """Whether somebody wants to be told."""

    wanted = FlagField(required=True)


_PASSWORD = TextField(least=1, most=255, load_only=True)
MailboxSchema = schema_for(Mailbox, password=_PASSWORD)
NewMailboxSchema = schema_for(
    Mailbox, name="NewMailboxSchema", password=TextField(least=1, most=255, load_only=True, required=True)
)


class AssignmentSchema(StrictSchema):
    """The record that a mail from the tray belongs to, such as ``cases/<id>``."""

    about = TextField(required=True, least=3, most=255)


class PreviewSchema(StrictSchema):
    """How a template is shown: in which language, and with which values instead of its sample data.

    A record, named by ``about`` or given as ``record``, is laid over the sample data, and values over that.
    """

    locale = LocaleField(most=16)
    values = DocumentField()
    about = TextField(
        least=3,
        most=255,
        metadata={"description": "A record to show it with, such as cases/<id>; read for the caller."},
    )
    record = DocumentField(
        metadata={"description": 'What `about` reads: {"case": {…}, "person": {…}, "company": {…}}.'}
    )


class TestMailSchema(PreviewSchema):
    """Where a template is sent to, to see how it looks."""

    to = EmailField(required=True, most=254)


class ReadSchema(StrictSchema):
    """How many notices were new."""

    read = WholeField(dump_only=True)


class UnreadSchema(StrictSchema):
    """How many notices wait to be read."""

    unread = WholeField(dump_only=True)


class RedeliverySchema(StrictSchema):
    """What is sent again: one delivery, or all events since an instant that the webhook wants."""

    delivery_id = IdField()
    since = InstantField()


class RedeliveredSchema(StrictSchema):
    """How many deliveries were queued."""

    queued = WholeField(dump_only=True)


class EventSchema(StrictSchema):
    """A published event, in the envelope in which it travels (CloudEvents 1.0)."""

    specversion = fields.String(dump_only=True)
    id = fields.String(dump_only=True, metadata={"format": "uuid"})
    source = fields.String(dump_only=True)
    type = fields.String(dump_only=True)
    subject = fields.String(dump_only=True)
    time = fields.String(dump_only=True, metadata={"format": "date-time"})
    dataschema = fields.String(dump_only=True)
    datacontenttype = fields.String(dump_only=True)
    sequence = fields.Integer(dump_only=True)
    correlationid = fields.String(dump_only=True)
    causedby = fields.String(dump_only=True, allow_none=True)
    actor = DocumentField(dump_only=True)
    owner = fields.String(dump_only=True, allow_none=True)
    group = fields.String(dump_only=True, allow_none=True)
    concerns = fields.List(fields.String(), dump_only=True)
    data = DocumentField(dump_only=True)
