"""What services count and show of themselves at /metrics."""

import math
from datetime import timedelta

import pytest
import sqlalchemy as sa
from prometheus_client import REGISTRY

from chassis.clock import stopped, utc_now
from chassis.figures import Figure, figures_in
from chassis.ops import discovery
from chassis.ops.figure_watch import FigureWatch
from services.cases.domain.sla_clock import Metric
from tests.factories import cases as make


def value(name, **labels):
    return REGISTRY.get_sample_value(f"trato_{name}", labels)


@pytest.fixture
def look(run_service):
    """Show the figures of a service as its process would."""

    def now(service):
        found = discovery.load(service.name)
        watch = FigureWatch(found.name, found.metadata, figures_in(found.handlers))
        with service.database.engine.connect() as connection:
            watch.look(connection)

    return now


@pytest.fixture
def cases(run_service):
    service = run_service("cases")
    with stopped(make.at("2026-03-02 09:00")) as clock:
        service.clock = clock
        service.ask("create_calendar", data=make.calendar_data())
        service.ask("create_sla_policy", data=make.policy_data())
        service.ask("create_workflow", data=make.workflow_data())
        yield service


def test_cases_that_come_in_are_late_and_wait_show(cases, look):
    look(cases)
    assert (value("cases_open"), value("cases_late"), value("cases_unassigned")) == (0, 0, 0)
    came = value("cases_created_total", channel="email")
    for _ in range(2):
        case = cases.ask("create_case", data=make.case_data()).body
    assert value("cases_created_total", channel="email") == came + 2
    cases.ask("add_case_message", case["id"], data={"text": "¿Hay alguien?"})
    cases.clock.advance(timedelta(hours=5))
    look(cases)
    assert (value("cases_open"), value("cases_late")) == (2, 2)
    assert value("cases_longest_wait_seconds") == 5 * 3600


def test_clocks_met_in_time_warned_and_breached_are_counted(cases):
    def counts():
        met = [value("cases_sla_clocks_met_total", metric="first_response", in_time=each) for each in ("yes", "no")]
        told = [value(f"cases_sla_clocks_{each}_total", metric="first_response") for each in ("warned", "breached")]
        return [*met, *told]

    assert all(value("cases_sla_clocks_breached_total", metric=metric) is not None for metric in Metric)
    before = counts()
    case = cases.ask("create_case", data=make.case_data()).body
    cases.clock.advance(timedelta(hours=5))
    cases.work()
    assert counts() == [before[0], before[1], before[2] + 1, before[3] + 1]
    cases.ask("reply_to_case", case["id"], data={"text": "Ya funciona."})
    assert counts() == [before[0], before[1] + 1, before[2] + 1, before[3] + 1]
    other = cases.ask("create_case", data=make.case_data()).body
    cases.ask("reply_to_case", other["id"], data={"text": "En seguida."})
    assert counts() == [before[0] + 1, before[1] + 1, before[2] + 1, before[3] + 1]


def test_mails_that_wait_for_their_server_show(run_service, look):
    notifications = run_service("notifications")
    queued = value("notifications_mails_total", outcome="queued")
    with stopped(utc_now()) as clock:
        data = {"to": ["ana@acme.example"], "subject": "Su factura", "text": "Buenos días."}
        notifications.ask("send_message", data=data)
        clock.advance(timedelta(minutes=10))
        look(notifications)
    assert value("notifications_mails_total", outcome="queued") == queued + 1
    assert (value("notifications_mails_queued"), value("notifications_mail_wait_seconds")) == (1, 600)
    assert value("notifications_inbox_waiting") == 0
    assert value("notifications_webhook_lanes_waiting") == 0
    assert value("notifications_webhook_failing_seconds") == 0


def test_a_figure_whose_query_fails_is_not_known_and_the_others_are(run_service):
    service = run_service("contacts")
    broken = Figure("trato_sample_broken", "Asks for what is not there.", lambda uow: uow.session.scalar(sa.text("x")))
    well = Figure("trato_sample_well", "Seven.", lambda uow: uow.session.scalar(sa.text("select 7")))
    try:
        watch = FigureWatch("contacts", service.database.metadata, [broken, well])
        with service.database.engine.connect() as connection:
            watch.look(connection)
        assert math.isnan(value("sample_broken"))
        assert value("sample_well") == 7
        watch.hide()
        assert math.isnan(value("sample_well"))
    finally:
        for each in (broken, well):
            REGISTRY.unregister(each._gauge)
