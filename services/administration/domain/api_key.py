"""An API key: a token for a program, which may do a part of what its owner may."""

from datetime import datetime, timedelta
from typing import ClassVar

from chassis.fields import Instant, Internal, Name, ReadOnly, ShortText, Slug, values
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.administration import ApiKeyCreated, ApiKeyRevoked
from services.administration.domain.base import Model

MOST_SCOPES = 200
USE_NOTED_EVERY = timedelta(minutes=5)


class ApiKey(Owned, Aggregate, Model):
    """The token itself is shown once and never stored; ``prefix`` is the part of it that may be read."""

    __tablename__ = "api_keys"
    resource: ClassVar[str] = "api-keys"

    name: Mapped[Name]
    scopes: Mapped[list[ShortText]] = values(ShortText, most=MOST_SCOPES)
    expires_at: Mapped[Instant | None]
    prefix: Mapped[ReadOnly[Slug]] = column(unique=True)
    secret_hash: Mapped[Internal[Slug]] = column(unique=True)
    last_used_at: Mapped[ReadOnly[Instant] | None]
    revoked_at: Mapped[ReadOnly[Instant] | None]
    revoked_because: Mapped[ReadOnly[ShortText] | None]

    @property
    def token(self) -> str | None:
        """The token, in the answer to its making only."""
        return self.__dict__.get("_token")

    def show_once(self, token: str) -> None:
        """Let this answer, and no other, show the token."""
        self.__dict__["_token"] = token

    def tell_created(self) -> None:
        """Tell that the key exists."""
        assert self.owner_id is not None, "a key has an owner"
        self.record(
            ApiKeyCreated(
                key_id=self.id,
                owner_id=self.owner_id,
                name=self.name,
                prefix=self.prefix,
                scopes=list(self.scopes),
                expires_at=self.expires_at,
            )
        )

    def revoke(self, *, at: datetime, because: str) -> None:
        """End the key for good; doing it twice changes nothing."""
        if self.revoked_at is not None:
            return
        assert self.owner_id is not None, "a key has an owner"
        self.revoked_at, self.revoked_because = at, because
        self.record(
            ApiKeyRevoked(
                key_id=self.id,
                owner_id=self.owner_id,
                name=self.name,
                prefix=self.prefix,
                reason=because,
                revoked_at=at,
            )
        )
