"""The examples run as they are: installed, started, fed, killed, started again."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import uuid

import pytest

from chassis.clock import utc_now
from chassis.envelope import Envelope
from tests.broker.sdk.department import until
from tests.kit.stack import ROOT

pytestmark = [pytest.mark.broker]
EXAMPLES = ROOT / "sdk" / "examples"


@pytest.fixture
def run(department, tmp_path):
    """Start a program with the department's credentials; its output is in ``out``."""

    def start(*command, cwd=tmp_path, **settings):
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "TRATO_EVENTS_URL": department.url,
            "TRATO_EVENTS_NAME": department.name,
            **settings,
        }
        with (tmp_path / "out").open("ab") as out:
            one = subprocess.Popen([str(part) for part in command], cwd=cwd, env=environment, stdout=out, stderr=out)
        department.running.append(one)
        return one

    return start


def out(tmp_path):
    return (tmp_path / "out").read_text()


def won(amount="1500.00"):
    data = {
        "opportunity_id": str(uuid.uuid4()),
        "name": "Ñandú",
        "amount": amount and {"amount": amount, "currency": "EUR"},
    }
    return Envelope(
        id=uuid.uuid4(),
        source="/crm/sales",
        type="crm.sales.opportunity_won.v1",
        subject=f"opportunities/{data['opportunity_id']}",
        time=utc_now(),
        sequence=1,
        data=data,
    )


def test_invoices_are_drafted_once_for_what_was_won_before_and_while_the_program_runs(
    run, programs, department, teller, tmp_path
):
    # The program begins at the beginning: what other tests told of won opportunities is drafted too.
    command = (programs / "python", EXAMPLES / "python" / "invoice_won_opportunities.py", "invoices.sqlite3")
    before, without = won(), won(None)
    teller.again(before, without, before)
    one = run(*command)
    until(lambda: "invoice drafted" in out(tmp_path), said=lambda: out(tmp_path))
    department.stop(one, signal.SIGKILL)
    after = won("99.90")
    teller.again(after, before)
    one = run(*command)
    until(lambda: "99.90" in out(tmp_path), said=lambda: out(tmp_path))
    assert department.stop(one) == 0
    with sqlite3.connect(tmp_path / "invoices.sqlite3") as database:
        drafted = {row[0]: row[1] for row in database.execute("SELECT opportunity_id, amount FROM invoices")}
    wanted = {before.data["opportunity_id"]: "1500.00", after.data["opportunity_id"]: "99.90"}
    assert {key: drafted[key] for key in wanted} == wanted
    assert without.data["opportunity_id"] not in drafted
    until(
        lambda: [each["id"] for each in department.command("parked")] == [str(without.id)],
        said=lambda: f"{department.command('parked')} {out(tmp_path)}",
    )


def test_everything_is_printed_as_it_is_told(run, programs, teller, tmp_path):
    one = run(programs / "python", EXAMPLES / "python" / "print_everything.py", f"crm.{teller.service}.*")
    until(lambda: teller.tell() and f"crm.{teller.service}.thing_done.v1 things/" in out(tmp_path))
    one.kill()


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("node") / "example"
    shutil.copytree(EXAMPLES / "node", folder, ignore=shutil.ignore_patterns("node_modules"))
    command = ["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_lock_of_the_node_example_names_no_registry():
    lock = json.loads((EXAMPLES / "node" / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in package and package["integrity"] for package in packages)


def test_plain_node_hears_everything_once_and_in_order_through_a_broken_connection_and_a_kill(
    run, node_folder, department, teller, rabbitmq
):
    tmp_path = department.folder
    settings = {"TRATO_EVENTS_PATTERN": f"crm.{teller.service}.#"}
    command = ("node", "subscriber.js", tmp_path / "handled.txt")

    def heard():
        lines = out(tmp_path).splitlines()
        return [json.loads(line)["sequence"] for line in lines if line.startswith("{")]

    def listening(times):
        until(lambda: out(tmp_path).count("listening") >= times, said=lambda: out(tmp_path))

    one = run(*command, cwd=node_folder, **settings)
    listening(1)
    first = teller.tell(5, subject="things/one")
    teller.again(*first)
    until(lambda: len(heard()) == 5)
    rabbitmq.close_connections()
    listening(2)
    teller.tell(5, subject="things/one")
    until(lambda: len(heard()) == 10, said=lambda: out(tmp_path))
    # What was printed and is not noted yet would come again.
    until(lambda: len((tmp_path / "handled.txt").read_text().splitlines()) == 10)
    department.stop(one, signal.SIGKILL)
    teller.tell(3, subject="things/one")
    teller.publish((f"crm.{teller.service}.thing_done.v1", b"not JSON"))
    one = run(*command, cwd=node_folder, **settings)
    until(lambda: len(heard()) == 13, said=lambda: out(tmp_path))
    until(lambda: [each["error"] for each in department.command("parked")] == ["Error: this is no event"])
    assert department.stop(one) == 0
    assert heard() == list(range(1, 14))
