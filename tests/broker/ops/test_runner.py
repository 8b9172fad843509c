"""The real runner as a process: it starts, says how it does, survives what happens, and ends in order."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from chassis.client import Client
from chassis.db import migrations
from chassis.db.database import normalised
from tests.kit.rabbitmq import free_ports

ROOT = Path(__file__).parents[3]
SERVICE = "administration"


class Runner:
    """A running ``python -m chassis.ops.runner`` with the address of its ops ports."""

    def __init__(self, arguments, environment, log):
        self.port = int(environment["TRATO_OPS_ADDRESS"].rpartition(":")[2])
        self.log = log
        with log.open("wb") as told:
            command = [sys.executable, "-m", "chassis.ops.runner", *arguments]
            self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=told)

    def get(self, path, index=0):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port + index}{path}", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def until(self, status, index=0, seconds=120.0):
        end = time.monotonic() + seconds
        while True:
            found, body = self.get("/readyz", index)
            if found == status:
                return json.loads(body) if body else {}
            assert time.monotonic() < end, f"{found} {body}\n{self.log.read_text()[-3000:]}"
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            time.sleep(0.1)

    def lines(self):
        whole = [line for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]
        return [json.loads(line) for line in whole if line.startswith("{")]

    def until_it_runs(self, index=0, *, but=0):
        """Return the pid of the process at this place once it has said that it runs, and it is another one."""
        end = time.monotonic() + 120
        while True:
            running = [line for line in self.lines() if line.get("ops_port") == self.port + index]
            if running and running[-1]["pid"] != but:
                return running[-1]["pid"]
            assert time.monotonic() < end, self.log.read_text()[-3000:]
            time.sleep(0.1)


@pytest.fixture
def environment(broker, tmp_path):
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRATO_")},
        "TRATO_ENVIRONMENT": "development",
        "TRATO_BROKER_URL": broker,
        "TRATO_DATABASE_URL": f"sqlite:///{tmp_path}/{{service}}.sqlite3",
        "TRATO_OPS_ADDRESS": f"127.0.0.1:{free_ports(3)}",
    }


@pytest.fixture
def run(environment, tmp_path):
    started = []

    def start(*arguments, migrated=True, **more):
        settings = environment | more
        if migrated:
            url = settings.get("TRATO_DATABASE_URL_ADMINISTRATION") or settings["TRATO_DATABASE_URL"]
            migrations.upgrade(SERVICE, url.replace("{service}", SERVICE))
        runner = Runner(arguments or (SERVICE,), settings, tmp_path / f"runner{len(started)}.log")
        started.append(runner)
        return runner

    yield start
    for runner in started:
        if runner.process.poll() is None:
            runner.process.kill()
        runner.process.wait()


@pytest.fixture
def client(broker):
    with_broker = Client(broker)
    yield with_broker
    with_broker.close()


def refused(client):
    """A call that is answered without any data: it is refused, by the service."""
    with pytest.raises(Exception) as refusal:
        client.call(f"{SERVICE}.who_am_i", headers={"nameko.request_id": "req-7"}, timeout=60)
    return refusal.value


@pytest.mark.slow
def test_a_service_starts_answers_and_ends_in_order(run, client):
    runner = run()
    report = runner.until(200)
    assert set(report["checks"]) == {f"{SERVICE}.{name}" for name in ("broker", "database", "schema", "outbox")}
    assert refused(client).status == 401
    _, figures = runner.get("/metrics")
    assert f'trato_rpc_seconds_count{{method="who_am_i",outcome="401",service="{SERVICE}"}} 1.0' in figures
    for name in (
        "trato_outbox_depth",
        "trato_outbox_age_seconds",
        "trato_parked",
        "trato_db_pool_size",
        "trato_db_query_seconds_count",
        "trato_timers_late",
        "trato_hub_stall_seconds",
        "trato_jobs_running",
        "process_resident_memory_bytes",
    ):
        assert name in figures, name
    runner.process.send_signal(signal.SIGTERM)
    assert runner.process.wait(60) == 0
    assert "ended in order" in [line["msg"] for line in runner.lines()]


@pytest.mark.slow
def test_sigint_ends_it_in_order_too(run):
    runner = run()
    runner.until(200)
    runner.process.send_signal(signal.SIGINT)
    assert runner.process.wait(60) == 0


@pytest.mark.slow
def test_a_database_behind_its_code_is_named_as_the_reason(run):
    runner = run(migrated=False)
    report = runner.until(503)
    while "administration.schema" not in report["checks"]:
        report = runner.until(503)
    assert "run the migrations" in report["checks"]["administration.schema"]["why"]
    assert runner.get("/livez")[0] == 200


@pytest.mark.slow
def test_it_waits_for_a_broker_that_is_away_and_comes_back(run, rabbitmq):
    runner = run()
    runner.until(200)
    rabbitmq.stop()
    try:
        report = runner.until(503)
        while report["checks"].get("administration.broker", {"ok": True})["ok"]:
            report = runner.until(503)
        assert "the broker is away" in report["checks"]["administration.broker"]["why"]
        assert runner.get("/livez")[0] == 200
    finally:
        rabbitmq.start()
    runner.until(200)
    assert runner.process.poll() is None


@pytest.mark.slow
def test_a_killed_process_leaves_nothing_that_hinders_the_next(run, client):
    first = run()
    first.until(200)
    first.process.kill()
    first.process.wait()
    second = run()
    second.until(200)
    assert refused(client).status == 401


@pytest.mark.slow
def test_several_workers_share_the_work_and_the_dead_are_replaced(run, postgres, client):
    url = postgres.new_database()
    try:
        runner = run(
            SERVICE, "--workers", "2", TRATO_DATABASE_URL_ADMINISTRATION=normalised(url).render_as_string(False)
        )
        runner.until(200)
        runner.until(200, index=1)
        first, second = runner.until_it_runs(0), runner.until_it_runs(1)
        assert first != second
        os.kill(first, signal.SIGKILL)
        assert refused(client).status == 401
        assert runner.until_it_runs(0, but=first) != second
        runner.until(200)
        runner.process.send_signal(signal.SIGTERM)
        assert runner.process.wait(60) == 0
    finally:
        postgres.drop_database(url)


def ended(environment, *arguments, **changes):
    settings = {name: value for name, value in (environment | changes).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-m", "chassis.ops.runner", *arguments],
        env=settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_several_processes_on_one_sqlite_file_are_refused_in_a_sentence(environment):
    process = ended(environment, SERVICE, "--workers", "2")
    assert process.returncode == 2
    assert process.stderr == (
        "2 processes of administration cannot share one SQLite file: use PostgreSQL, or --workers 1.\n"
    )


def test_a_missing_setting_is_one_sentence_and_no_traceback(environment):
    process = ended(environment, SERVICE, TRATO_ENVIRONMENT="production", TRATO_SECRET_KEY=None)
    assert process.returncode == 2
    assert process.stderr.startswith("TRATO_SECRET_KEY is not set: ")
    assert process.stderr.count("\n") == 1


def test_a_service_that_does_not_exist_is_refused_with_the_names_there_are(environment):
    process = ended(environment, "nonsense")
    assert process.returncode == 2
    assert "There is no service 'nonsense'; there are: " in process.stderr
    assert SERVICE in process.stderr
