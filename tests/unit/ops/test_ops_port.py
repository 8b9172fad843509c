"""The ops port answers while everything else is busy, and says why a process is not ready."""

import json
import time
import urllib.error
import urllib.request

import eventlet
import pytest

from chassis.ops import health as health_module
from chassis.ops.health import Health
from chassis.ops.hub import HubWatch
from chassis.ops.server import OpsServer


@pytest.fixture
def hub():
    watch = HubWatch()
    watch.start()
    yield watch
    watch.stop()


@pytest.fixture
def serve(hub):
    servers = []

    def start(*looks):
        health = Health(list(looks))
        health.start()
        server = OpsServer(("127.0.0.1", 0), health, hub)
        server.start()
        servers.append((server, health))

        def get(path, method="GET"):
            request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.read().decode()

        return get, health

    yield start
    for server, health in servers:
        server.stop()
        health.stop()


def test_a_process_whose_checks_pass_is_ready(serve):
    get, _ = serve(("sales", lambda: {"sales.database": None}))
    status, body = get("/readyz")
    assert status == 200
    assert json.loads(body) == {"ready": True, "checks": {"sales.database": {"ok": True}}}


def test_a_failing_check_says_why(serve):
    get, _ = serve(("a", lambda: {"a.database": None}), ("b", lambda: {"b.schema": "run the migrations"}))
    status, body = get("/readyz")
    assert status == 503
    assert json.loads(body)["checks"] == {
        "a.database": {"ok": True},
        "b.schema": {"ok": False, "why": "run the migrations"},
    }


def test_a_check_that_hangs_is_given_up(serve, monkeypatch):
    monkeypatch.setattr(health_module, "_PATIENCE", 0.2)
    get, _ = serve(("slow", lambda: eventlet.sleep(60)), ("fast", lambda: {"fast.database": None}))
    status, body = get("/readyz")
    assert status == 503
    assert "no answer" in json.loads(body)["checks"]["slow"]["why"]


def test_a_check_that_breaks_is_a_failed_check_and_not_a_broken_page(serve):
    def broken():
        raise RuntimeError("the inside")

    get, _ = serve(("broken", broken))
    status, body = get("/readyz")
    assert status == 503
    assert "the inside" not in body


def test_a_process_becomes_ready_soon_after_its_cause_is_gone(serve):
    well = []
    get, _ = serve(("a", lambda: {"a.broker": None if well else "away"}))
    assert get("/readyz")[0] == 503
    well.append(1)
    time.sleep(0.6)
    assert get("/readyz")[0] == 200


def test_a_process_that_ends_is_not_ready(serve):
    get, health = serve(("a", lambda: {"a.database": None}))
    assert get("/readyz")[0] == 200
    health.end()
    status, body = get("/readyz")
    assert status == 503
    assert json.loads(body)["checks"]["process"]["why"] == "it is ending"


def test_many_probes_at_once_look_only_once(serve, monkeypatch):
    monkeypatch.setattr(health_module, "_AGAIN", 60.0)
    looks = []
    get, _ = serve(("a", lambda: looks.append(1) or eventlet.sleep(0.05) or {"a": "no"}))
    threads = [eventlet.spawn(get, "/readyz") for _ in range(10)]
    assert all(thread.wait()[0] == 503 for thread in threads)
    assert len(looks) <= 2


def test_the_figures_are_in_prometheus_format(serve):
    get, _ = serve()
    status, body = get("/metrics")
    assert status == 200
    assert "# TYPE trato_rpc_seconds histogram" in body
    assert "trato_hub_stall_seconds" in body


def test_other_paths_and_methods_are_refused(serve):
    get, _ = serve()
    assert get("/")[0] == 404
    assert get("/metrics", "POST")[0] == 405


def test_who_blocks_the_hub_is_seen(serve, hub):
    get, _ = serve()
    time.sleep(0.15)
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        pass
    time.sleep(0.15)
    assert 0.35 < hub.worst() < 10
    status, body = get("/livez")
    assert status == 200
    assert json.loads(body)["alive"]
    assert json.loads(body)["hub_stall_seconds"] > 0.35
