"""What is done with API keys."""

from datetime import datetime, timedelta
from uuid import UUID

from chassis.clock import utc_now
from chassis.credentials import hash_secret, new_api_token
from chassis.i18n import choose
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import log
from services.administration.commands.endings import EXPIRY_TIMER, end_key
from services.administration.domain import access as rules
from services.administration.domain.api_key import ApiKey
from services.administration.errors import ExpiryInThePast, ScopesBeyondOwner, UnknownPermission
from services.administration.queries import access as access_queries
from services.administration.queries import catalogue, parameters
from services.administration.queries import users as user_queries

_WRONG = {
    "en": "There is no such permission; the form is resource:action, with :own, :team or :all if you like.",
    "es": "No existe ese permiso; la forma es recurso:acción, con :own, :team o :all si se quiere.",
}


def create_api_key(uow: UnitOfWork, *, name: str, scopes: list[str], expires_at: datetime | None = None) -> ApiKey:
    """Make a key of the caller's. A scope without reach (``people:read``) goes as far as its owner.

    Raises ``NeedsASession``, ``UnknownPermission``, ``ScopesBeyondOwner`` or ``ExpiryInThePast``.
    """
    owner_id = user_queries.signed_in_caller(uow)
    _demand_scopes(uow, owner_id, scopes)
    token = new_api_token()
    key = uow.add(
        ApiKey(
            name=name,
            scopes=scopes,
            expires_at=_expiry(uow, expires_at),
            prefix=token.prefix,
            secret_hash=hash_secret(token.token),
        )
    )
    key.tell_created()
    if key.expires_at is not None:
        uow.schedule(EXPIRY_TIMER, key.expires_at, key=str(key.id))
    after = log.plain(key, "name", "prefix", "scopes", "expires_at")
    log.note(uow, "api-keys.created", record_id=key.id, label=key.prefix, after=after)
    key.show_once(token.token)
    return key


def revoke_api_key(uow: UnitOfWork, key_id: UUID) -> None:
    """End a key for good, within the caller's reach; a revoked one stays revoked."""
    key = uow.get(ApiKey, key_id)
    if key.revoked_at is None:
        end_key(uow, key, at=utc_now(), because="revoked")
        log.note(uow, "api-keys.revoked", record_id=key.id, label=key.prefix)


def expire_api_key(uow: UnitOfWork, key_id: UUID) -> None:
    """Revoke a key whose last instant has come."""
    key = uow.get(ApiKey, key_id)
    if key.revoked_at is None:
        key.revoke(at=utc_now(), because="expired")
        log.note(uow, "api-keys.expired", record_id=key.id, label=key.prefix)


def _expiry(uow: UnitOfWork, wanted: datetime | None) -> datetime | None:
    now = utc_now()
    if wanted is not None and wanted <= now:
        raise ExpiryInThePast
    days = parameters.value(uow.session, "api_key.max_days")
    if not days:
        return wanted
    latest = now + timedelta(days=days)
    return latest if wanted is None else min(wanted, latest)


def _demand_scopes(uow: UnitOfWork, owner_id: UUID, scopes: list[str]) -> None:
    detail = choose(_WRONG, uow.call.locale)
    errors = [
        {"pointer": f"/scopes/{place}", "detail": detail} for place, text in enumerate(scopes) if not _exists(text)
    ]
    if errors:
        raise UnknownPermission(errors=errors)
    beyond = rules.beyond_owner(scopes, access_queries.access_of(uow.session, owner_id).permissions)
    if beyond:
        raise ScopesBeyondOwner(missing=", ".join(beyond))


def _exists(text: str) -> bool:
    try:
        return all(catalogue.exists(name) for name in rules.key_scopes([text]))
    except ValueError:
        return False
