"""The private RabbitMQ node and the private PostgreSQL cluster of a clone, for real."""

import subprocess
import sys

import pytest

from tests.kit.files import let_others_in
from tools.launcher import broker, rabbitmq, ready
from tools.launcher.place import Place
from tools.launcher.postgres import Cluster, url
from tools.launcher.supervisor import Supervisor
from tools.launcher.trouble import Trouble

# A quorum queue that has just started says for a moment that it is empty.
PUBLISH = """
import pika, sys, time
with pika.BlockingConnection(pika.URLParameters(sys.argv[1])) as connection:
    channel, end = connection.channel(), time.monotonic() + 60
    def kept():
        return channel.queue_declare("kept", durable=True, arguments={"x-queue-type": "quorum"}).method.message_count
    while kept() < int(sys.argv[2]) and time.monotonic() < end:
        time.sleep(0.1)
    print(kept())
    channel.confirm_delivery()
    channel.basic_publish("", "kept", b"x")
"""
QUERY = "import psycopg2, sys; c = psycopg2.connect(sys.argv[1]).cursor(); c.execute(sys.argv[2]); print(c.fetchall())"


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def a_place(folder) -> Place:
    folder.mkdir()
    place = Place(folder)
    place.prepare()
    return place


@pytest.mark.slow
@pytest.mark.broker
def test_two_clones_have_brokers_of_their_own_and_messages_survive_a_restart(tmp_path, monkeypatch):
    monkeypatch.delenv("TRATO_BROKER_URL", raising=False)
    places = [a_place(tmp_path / "one"), a_place(tmp_path / "two")]
    counts = []
    for before in ("0", "1"):
        supervisors = [Supervisor(place) for place in places]
        try:
            found = [broker.find(place) for place in places]
            for supervisor, one in zip(supervisors, found, strict=True):
                for each in one.programs:
                    supervisor.start(each)
            for supervisor, one in zip(supervisors, found, strict=True):
                supervisor.until(lambda url=one.url: ready.broker_answers(url), seconds=60, name="broker")
            counts.append([int(run(PUBLISH, one.url, before).stdout) for one in found])
        finally:
            for supervisor in supervisors:
                supervisor.stop()
    assert counts == [[0, 0], [1, 1]]
    assert (places[0].hidden / "broker" / ".erlang.cookie").exists()


def test_a_broker_named_in_the_environment_is_used_and_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("TRATO_BROKER_URL", "amqp://u:p@elsewhere:5672/v")
    found = broker.find(a_place(tmp_path / "one"))
    assert (found.url, found.programs) == ("amqp://u:p@elsewhere:5672/v", [])


def test_without_any_way_to_a_broker_one_sentence_names_them_all(tmp_path, monkeypatch):
    monkeypatch.delenv("TRATO_BROKER_URL", raising=False)
    monkeypatch.setattr(rabbitmq, "_SCRIPTS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble) as caught:
        broker.find(a_place(tmp_path / "one"))
    for way in ("rabbitmq-server", "Docker", "TRATO_BROKER_URL"):
        assert way in caught.value.sentence


@pytest.mark.postgres
def test_each_service_has_a_database_that_no_other_role_enters(tmp_path):
    place = a_place(tmp_path / "one")
    let_others_in(tmp_path)
    supervisor = Supervisor(place)
    cluster = Cluster(place)
    try:
        supervisor.start(cluster.program())
        supervisor.until(cluster.answers, seconds=60, name="postgres")
        cluster.create_databases(["contacts", "sales"])
        cluster.create_databases(["contacts", "sales"])
        own = run(QUERY, url(place, "contacts"), "SELECT current_user, similarity('ana', 'ana')")
        assert "('trato_contacts', 1.0)" in own.stdout
        foreign = url(place, "contacts").removesuffix("contacts") + "sales"
        assert "permission denied" in run(QUERY, foreign, "SELECT 1").stderr
    finally:
        supervisor.stop()
