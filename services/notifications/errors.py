"""What the notifications service refuses, and why."""

from chassis.errors import Conflict, Forbidden, Invalid


class NotAnEventPattern(Invalid):
    """{pattern} is no pattern of events; write crm.sales.lead_created.v1, crm.sales.# or crm.#."""

    slug = "not-an-event-pattern"
    es = "{pattern} no es un patrón de eventos; escriba crm.sales.lead_created.v1, crm.sales.# o crm.#."


class NoSuchMember(Invalid):
    """No event has {member}; a condition is on subject, source, type, owner, group, actor.id or data.something."""

    slug = "no-such-event-member"
    es = "Ningún evento tiene {member}; se filtra por subject, source, type, owner, group, actor.id o data.algo."


class NoEventsWanted(Invalid):
    """Say which events the webhook wants."""

    slug = "no-events-wanted"
    es = "Indique qué eventos quiere el webhook."


class InternalAddress(Invalid):
    """{host} leads to an internal address, which webhooks do not call."""

    slug = "internal-address"
    es = "{host} lleva a una dirección interna, a la que los webhooks no llaman."


class NotEncrypted(Invalid):
    """Webhooks are called by https only."""

    slug = "not-encrypted"
    es = "Los webhooks se llaman solo por https."


class UrlHoldsPassword(Invalid):
    """Leave the user name and the password out of the address; deliveries are signed."""

    slug = "url-holds-password"
    es = "No ponga usuario ni contraseña en la dirección; las entregas van firmadas."


class WebhookIsActive(Conflict):
    """The webhook is active already."""

    slug = "webhook-is-active"
    es = "El webhook ya está activo."


class WebhookIsDisabled(Conflict):
    """The webhook is disabled; enable it first."""

    slug = "webhook-is-disabled"
    es = "El webhook está desactivado; actívelo primero."


class RedeliverWhat(Invalid):
    """Name either one delivery or the instant from which on everything is delivered again."""

    slug = "redeliver-what"
    es = "Indique una entrega, o el instante desde el que se entrega todo de nuevo."


class EventsOutOfReach(Forbidden):
    """A webhook sends only events that you may read; this needs the permission events:read."""

    slug = "events-out-of-reach"
    es = "Un webhook envía solo los eventos que usted puede leer; esto necesita el permiso events:read."


class UnknownPlaceholder(Invalid):
    """{where}: there is no value for {name}; the sample data say which there are."""

    slug = "unknown-placeholder"
    es = "{where}: no hay ningún valor para {name}; los datos de ejemplo dicen cuáles hay."


class BrokenPlaceholder(Invalid):
    """{text} is no placeholder; one looks like person.first_name between two braces on each side."""

    slug = "broken-placeholder"
    es = "{text} no es un marcador; un marcador es person.first_name entre dos llaves a cada lado."


class SlugIsTaken(Conflict):
    """There is a template {name} already."""

    slug = "template-exists"
    es = "Ya hay una plantilla {name}."


class TemplateIsSwitchedOff(Conflict):
    """The template {name} is switched off."""

    slug = "template-switched-off"
    es = "La plantilla {name} está desactivada."


class NobodyToWriteTo(Invalid):
    """Say whom the message goes to."""

    slug = "nobody-to-write-to"
    es = "Indique a quién va el mensaje."


class MarketingGoesToOne(Invalid):
    """Marketing goes to one recipient a message, without copies: each has a link of their own to unsubscribe."""

    slug = "marketing-goes-to-one"
    es = "La publicidad va a un destinatario por mensaje, sin copias: cada uno tiene su enlace para darse de baja."


class NothingToSay(Invalid):
    """Give the message a subject and a text, or a template."""

    slug = "nothing-to-say"
    es = "Dé al mensaje un asunto y un texto, o una plantilla."


class AlreadyFiled(Conflict):
    """This is filed with {about} already."""

    slug = "inbox-item-filed"
    es = "Esto ya está archivado en {about}."


class NotARecord(Invalid):
    """{about} is no record; write for example cases/ and its id."""

    slug = "not-a-record"
    es = "{about} no es un registro; escriba por ejemplo cases/ y su identificador."


class NobodyToTell(Invalid):
    """Say who is told and by which channel; a user is named by id."""

    slug = "nobody-to-tell"
    es = "Indique a quién se avisa y por qué canal; un usuario se nombra por su identificador."


class RuleExists(Conflict):
    """There is a rule {name} already."""

    slug = "notification-rule-exists"
    es = "Ya hay una regla {name}."


class NoSuchChannel(Invalid):
    """There is no channel {channel}; there are email and in_app."""

    slug = "no-such-channel"
    es = "No hay ningún canal {channel}; hay email e in_app."
