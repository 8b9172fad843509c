"""In which language customers are written to: kept as contacts tells it, asked when something is about to be said."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.db.prepared import Prepared, run
from chassis.i18n import supported
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.contact_language import ContactLanguage

_TABLE: Final[Any] = ContactLanguage.__table__
_IS = {
    name: _TABLE.c.contact_id == sa.bindparam(name, type_=sa.Uuid) for name in ("person_id", "company_id", "contact_id")
}
_SPOKEN: Final = Prepared(sa.select(_TABLE).where(sa.or_(_IS["person_id"], _IS["company_id"])))
_FORGET: Final = Prepared(sa.delete(_TABLE).where(_IS["contact_id"]))
_KEEP: Final = {
    name: Prepared(
        insert.on_conflict_do_update(index_elements=["contact_id"], set_={"language": insert.excluded.language}),
        ["contact_id", "language"],
    )
    for name, insert in (("postgresql", postgresql.insert(_TABLE)), ("sqlite", sqlite.insert(_TABLE)))
}


def keep(uow: UnitOfWork, contact_id: UUID, language: str | None) -> None:
    """Remember the language of a contact, or with none forget it."""
    statement = _FORGET if language is None else _KEEP[uow.session.get_bind().dialect.name]
    uow.append(statement, {"contact_id": contact_id, "language": language})


def of_customer(uow: UnitOfWork, case: Case) -> str | None:
    """Return in which language the customer of a case is written to now; None stands for the installation's.

    The case's own comes first, then the person's, then the company's; a language in which we write nothing is nobody's.
    """
    contacts = [id_ for id_ in (case.person_id, case.company_id) if id_ is not None]
    if case.locale is not None or not contacts:
        return case.locale
    # Past the session: what it has to write yet says nothing of languages, and goes at the end all at once.
    rows = run(uow.session, [(_SPOKEN, {"person_id": case.person_id, "company_id": case.company_id})])
    spoken = {row[0]: row[1] for row in rows}
    return next((spoken[id_] for id_ in contacts if supported(spoken.get(id_))), None)
