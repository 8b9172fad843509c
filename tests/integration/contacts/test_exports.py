import csv
import io
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis import blobs, settings
from chassis.clock import utc_now
from chassis.db import tables
from chassis.jobs import jobs_in
from chassis.ops.job_runner import JobRunner
from chassis.timers import Due
from services.contacts import handlers
from tests.factories import contacts as make
from tests.kit.service import somebody


@pytest.fixture
def blob_store(tmp_path, monkeypatch):
    monkeypatch.setenv("TRATO_BLOBS", f"file://{tmp_path}/blobs")
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


@pytest.fixture
def runner(contacts, blob_store):
    runner = JobRunner("contacts", contacts.database, contacts.database.metadata, jobs_in(handlers))
    runner.start()
    yield runner
    runner.stop()


def finished(contacts, job, **how):
    for _ in range(1200):
        shown = contacts.ask("get_job", job["id"], **how).body
        if shown["finished_at"]:
            return shown
        time.sleep(0.05)
    raise AssertionError(f"the job does not end: {shown}")


def rows(job, delimiter=","):
    link = blobs.verify_download(job["download"].removeprefix("/v1/files/"), secret=settings.load().secret_key)
    content = b"".join(blobs.open_store(settings.load()).open(link.key)).decode("utf-8-sig")
    assert link.filename.endswith(".csv")
    return list(csv.DictReader(io.StringIO(content), delimiter=delimiter))


def test_people_are_exported_to_a_file_that_only_who_asked_may_fetch(contacts, runner, ana, luis):
    marta = somebody("Marta", people_read="all", people_export="all")

    started = contacts.ask("export_people", by=marta).body
    assert started["state"] == "queued"
    job = finished(contacts, started, by=marta)

    assert (job["state"], job["rows"], job["error"]) == ("done", 2, None)
    assert [(row["first_name"], row["email"]) for row in rows(job)] == [
        (person["first_name"], person["emails"][0]["address"]) for person in (ana, luis)
    ]
    assert contacts.refused("get_job", job["id"], by=somebody("Eva")).status == 404
    assert contacts.refused("cancel_job", job["id"], by=marta).slug == "job-has-ended"


def test_an_export_holds_what_the_filter_says_and_the_narrower_right_allows(contacts, runner, luis):
    seller = somebody("Eva", people_read="own", people_export="all", people_write="all")
    mine = contacts.ask("create_person", data=make.person_data(first_name="=cmd()"), by=seller).body
    contacts.ask("create_person", data=make.person_data(first_name="Eva"), by=seller)

    wanted = {"filter": {"field": "first_name", "op": "ne", "value": "Eva"}}
    job = finished(contacts, contacts.ask("export_people", data=wanted, by=seller, locale="es").body, by=seller)

    assert [(row["id"], row["first_name"]) for row in rows(job, ";")] == [(mine["id"], "'=cmd()")]


def test_an_exported_file_is_gone_after_a_week(contacts, runner, ana):
    job = finished(contacts, contacts.ask("export_people").body)
    link = blobs.verify_download(job["download"].removeprefix("/v1/files/"), secret=settings.load().secret_key)
    timers = tables.timers(contacts.database.metadata)
    with contacts.database.read() as session:
        [due] = session.execute(sa.select(timers).where(timers.c.kind == handlers.FORGET_EXPORT)).all()

    assert due.key == link.key
    assert timedelta(days=6) < due.due_at - utc_now() <= timedelta(days=7)

    handlers.forget_export(None, Due(kind=due.kind, key=due.key, due_at=due.due_at))
    with pytest.raises(blobs.BlobNotFound):
        blobs.open_store(settings.load()).size(link.key)


def test_an_export_of_nonsense_is_refused_at_once(contacts, blob_store):
    wanted = {"filter": {"field": "shoe", "op": "eq", "value": 1}}

    assert contacts.refused("export_companies", data=wanted).status == 422
