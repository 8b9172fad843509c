"""The SQL of background jobs: claim one under a lease, keep the lease, write down how it ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.clock import utc_now
from chassis.db import tables
from chassis.ids import new_id
from chassis.jobs import JSONObject, State

LEASE: Final = timedelta(seconds=30)
ATTEMPTS: Final = 5
_DELAYS: Final = (1, 5, 30, 120)
_GIVEN_UP: Final = {
    "en": "The work was interrupted {n} times without getting further, and was given up.",
    "es": "El trabajo se interrumpió {n} veces sin avanzar y se abandonó.",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this process may work on until its lease ends; ``owner`` proves it."""

    id: UUID
    owner: str
    kind: str
    data: JSONObject
    saved: JSONObject | None
    call: JSONObject
    attempt: int
    progress_done: int
    progress_total: int | None


class JobQueue:
    """The ``jobs`` table of one service, for the kinds that this process knows how to do."""

    def __init__(self, metadata: sa.MetaData, kinds: Collection[str]) -> None:
        self._jobs = tables.jobs(metadata)
        self._kinds = tuple(kinds)

    def waiting(self, session: Session) -> bool:
        """Whether there is something to claim; cheap enough to ask every few seconds."""
        return bool(session.execute(sa.select(sa.exists(self._claimable()))).scalar())

    def claim(self, session: Session) -> Claim | None:
        """Take the oldest job that nobody works on; ``None`` when there is none."""
        jobs = self._jobs
        while True:
            row = session.execute(
                self._claimable().order_by(jobs.c.id).limit(1).with_for_update(skip_locked=True)
            ).one_or_none()
            if row is None:
                return None
            if row.cancel_requested:
                self._end(session, row.id, "cancelled")
            elif row.attempts >= ATTEMPTS:
                language = "en" if row.call.get("locale") == "en" else "es"
                self._end(session, row.id, "failed", error=_GIVEN_UP[language].format(n=row.attempts))
            else:
                return self._take(session, row)

    def keep(self, session: Session, owners: Collection[str]) -> set[str]:
        """Renew the leases of these owners and return those who still own their job."""
        jobs = self._jobs
        kept = session.execute(
            sa.update(jobs)
            .where(jobs.c.lease_owner.in_(owners), jobs.c.state == "running")
            .values(lease_until=utc_now() + LEASE)
            .returning(jobs.c.lease_owner)
        )
        return set(kept.scalars())

    def save(
        self, session: Session, claim: Claim, done: int, total: int | None, checkpoint: JSONObject | None
    ) -> bool | None:
        """Write progress, and the checkpoint if there is one.

        Returns whether somebody asked to cancel, or ``None`` when another process owns the job by now: then
        nothing is written, and the caller rolls back.
        """
        values: dict[str, Any] = {
            "progress_done": done,
            "progress_total": total,
            "lease_until": utc_now() + LEASE,
        }
        if checkpoint is not None:
            # Who gets further is not failing: only attempts without progress are counted.
            values |= {"checkpoint": checkpoint, "attempts": 1}
        jobs = self._jobs
        statement = sa.update(jobs).where(self._owned(claim)).values(values)
        return session.execute(statement.returning(jobs.c.cancel_requested)).scalar_one_or_none()

    def finish(
        self,
        session: Session,
        claim: Claim,
        state: State,
        *,
        result: JSONObject | None = None,
        error: str | None = None,
    ) -> bool:
        """Write down how the job ended; false when another process owns it by now."""
        return self._end(session, claim.id, state, result=result, error=error, owner=claim.owner)

    def give_back(self, session: Session, claim: Claim, *, delay: timedelta | None, failed: bool) -> None:
        """Let another attempt follow, after ``delay``; one that did not fail is not counted."""
        session.execute(
            sa.update(self._jobs)
            .where(self._owned(claim))
            .values(
                state="queued",
                lease_owner=None,
                lease_until=None if delay is None else utc_now() + delay,
                attempts=self._jobs.c.attempts - (0 if failed else 1),
            )
        )

    def attempts(self, session: Session, claim: Claim) -> int:
        """Return the attempts since the job last got further, this one included."""
        found = session.execute(sa.select(self._jobs.c.attempts).where(self._owned(claim))).scalar_one_or_none()
        return ATTEMPTS if found is None else found

    def abandon_all(self, session: Session) -> None:
        """Free every running job; right only where no other process can be running one (SQLite)."""
        jobs = self._jobs
        session.execute(
            sa.update(jobs).where(jobs.c.state == "running").values(state="queued", lease_owner=None, lease_until=None)
        )

    def _claimable(self) -> "sa.Select[Any]":
        jobs, now = self._jobs, utc_now()
        due = sa.or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= now)
        return sa.select(jobs).where(jobs.c.state.in_(("queued", "running")), due, jobs.c.kind.in_(self._kinds))

    def _owned(self, claim: Claim) -> sa.ColumnElement[bool]:
        jobs = self._jobs
        return sa.and_(jobs.c.id == claim.id, jobs.c.lease_owner == claim.owner, jobs.c.state == "running")

    def _take(self, session: Session, row: "sa.Row[Any]") -> Claim:
        owner, now, jobs = new_id().hex, utc_now(), self._jobs
        session.execute(
            sa.update(jobs)
            .where(jobs.c.id == row.id)
            .values(
                state="running",
                attempts=row.attempts + 1,
                lease_owner=owner,
                lease_until=now + LEASE,
                started_at=row.started_at or now,
            )
        )
        return Claim(
            id=row.id,
            owner=owner,
            kind=row.kind,
            data=row.data,
            saved=row.checkpoint,
            call=row.call,
            attempt=row.attempts + 1,
            progress_done=row.progress_done,
            progress_total=row.progress_total,
        )

    def _end(
        self,
        session: Session,
        id_: UUID,
        state: State,
        *,
        result: JSONObject | None = None,
        error: str | None = None,
        owner: str | None = None,
    ) -> bool:
        jobs = self._jobs
        mine = jobs.c.id == id_ if owner is None else sa.and_(jobs.c.id == id_, jobs.c.lease_owner == owner)
        ended = session.execute(
            sa.update(jobs)
            .where(mine)
            .values(
                state=state,
                result=result,
                error=error,
                finished_at=utc_now(),
                lease_until=None,
                lease_owner=None,
            )
            .returning(jobs.c.id)
        )
        return ended.first() is not None


def retry_after(failures: int) -> timedelta:
    """Return how long the attempt after so many failed ones waits."""
    return timedelta(seconds=_DELAYS[min(failures, len(_DELAYS)) - 1])
