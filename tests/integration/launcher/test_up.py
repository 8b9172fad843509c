"""The README's command, from a fresh clone: up, use, kill, down, up again."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.kit.clone import Clone, ask

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(400)]


def an_outsider_reads_what_was_told(clone: Clone, person: str) -> None:
    assert "part of the suite" in clone.trato("subscriber", "contacts").stderr
    url = clone.trato("subscriber", "billing").stdout.strip()
    assert clone.trato("subscriber").stdout.split() == ["billing"]
    command = [sys.executable, "-m", "trato_events", "--url", url, "replay", "crm.contacts.contact_created"]
    command += ["--subject", f"people/{person}"]
    told = subprocess.run(command, cwd=clone.folder / "sdk", capture_output=True, text=True, check=False)
    assert [json.loads(line)["subject"] for line in told.stdout.splitlines()] == [f"people/{person}"], told.stderr


def test_up_serves_two_clones_side_by_side_and_data_survives_a_restart(clone):
    first, second = clone("one"), clone("two")
    address = first.up()
    token = first.trato("token").stdout.strip()
    assert first.trato("token").stdout.strip() == token
    status, listed = ask(address, "/v1/people?limit=200&count=true", token)
    assert status == 200
    assert listed["total"] >= 500
    status, person = ask(address, "/v1/people", token, {"first_name": "Zoe", "last_name": "Restart"})
    assert status == 201

    played = first.trato("demo")
    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stdout.count("✓") == 12
    assert "lucia." in first.trato("mail").stdout

    other = second.up("--no-demo")
    assert other != address
    assert ask(other, f"/v1/people/{person['id']}", token)[0] == 401
    assert first.trato("status").returncode == 0
    assert "already runs" in first.trato("up").stdout

    an_outsider_reads_what_was_told(first, person["id"])

    assert "gateway" in first.trato("down").stdout
    assert first.trato("status").returncode == 3
    assert ask(other, "/v1/session", body={"username": "admin", "password": "trato-demo"})[0] == 201
    assert first.up() == address
    assert ask(address, f"/v1/people/{person['id']}", token)[0] == 200


@pytest.mark.postgres
def test_up_on_postgresql_with_a_process_per_service_restarts_what_is_killed(clone):
    one = clone("one")
    address = one.up("--postgres", "--processes", "--no-demo")
    token = one.trato("token").stdout.strip()

    def recorded():
        return json.loads((one.folder / ".trato" / "run" / "services.json").read_text())["pid"]

    runner = recorded()
    os.kill(runner, signal.SIGKILL)
    end = time.monotonic() + 180
    # The services outlive their runner by a moment, in which they still answer.
    while recorded() == runner or ask(address, "/v1/people?limit=1", token)[0] != 200:
        assert time.monotonic() < end
        time.sleep(0.3)
    assert "services ended" in one.trato("logs", "launcher").stdout


def test_ctrl_c_stops_everything_in_order_and_leaves_nothing(clone):
    one = clone("one")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TRATO_")}
    command = [str(one.folder / "trato"), "up", "--no-demo"]
    environment |= {"LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if "Ctrl-C" in line:
                break
        records = [json.loads(path.read_text()) for path in (one.folder / ".trato" / "run").glob("*.json")]
        assert len(records) == 5
        running.send_signal(signal.SIGINT)
        rest = running.stdout.read()
        assert running.wait(120) == 0
    assert "gateway, services, mail, broker, epmd" in rest
    assert "Traceback" not in rest
    for record in records:
        with pytest.raises(ProcessLookupError):
            os.kill(record["pid"], 0)


def test_a_failure_is_one_sentence_with_the_log_and_nothing_stays_behind(clone):
    one = clone("one")
    (one.folder / "services" / "contacts" / "service.py").write_text("raise RuntimeError('broken on purpose')\n")
    failed = one.trato("up", "--no-demo")
    assert failed.returncode == 1
    assert "broken on purpose" in failed.stderr
    assert str(one.folder / ".trato" / "logs") in failed.stderr
    assert not list((one.folder / ".trato" / "run").glob("*.json"))
