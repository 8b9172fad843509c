"""What is refused about campaigns and exchange rates."""

from chassis.errors import Conflict, Invalid


class CampaignEndsBeforeItStarts(Invalid):
    """The campaign's last day, {ends_on}, lies before its first, {starts_on}."""

    slug = "campaign-ends-before-it-starts"
    es = "El último día de la campaña, {ends_on}, es anterior al primero, {starts_on}."


class CampaignIsNotPlanned(Conflict):
    """The campaign is {state}; only a planned one is activated."""

    slug = "campaign-is-not-planned"
    es = "La campaña está en estado «{state}»; solo se activa una prevista."


class CampaignIsNotActive(Conflict):
    """The campaign is {state}; only an active one is closed."""

    slug = "campaign-is-not-active"
    es = "La campaña está en estado «{state}»; solo se cierra una activa."


class CampaignIsClosed(Conflict):
    """The campaign is closed; its members stay as they are."""

    slug = "campaign-is-closed"
    es = "La campaña está cerrada; sus miembros quedan como están."


class NameTheMembers(Invalid):
    """Name the members by person_ids, by a segment_id or by a list_id: one of the three."""

    slug = "name-the-members"
    es = "Indique los miembros con person_ids, con un segment_id o con un list_id: uno de los tres."


class MembersAreRefused(Conflict):
    """Contacts says “{detail}” and gives no members."""

    slug = "members-are-refused"
    es = "Contactos dice «{detail}» y no da miembros."


class RateIsWrong(Invalid):
    """A rate is greater than zero, and of another currency than {base}."""

    slug = "rate-is-wrong"
    es = "Un tipo de cambio es mayor que cero y de otra moneda que {base}."


class RateIsKnown(Conflict):
    """There is already a rate of {currency} on {on}; change that one."""

    slug = "rate-is-known"
    es = "Ya hay un tipo de cambio de {currency} el {on}; modifique ese."
