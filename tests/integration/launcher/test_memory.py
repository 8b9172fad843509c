"""Ports and secrets survive in files that only their owner reads."""

import socket
import subprocess
import sys

import pytest

from tools.launcher import compose_env, ports
from tools.launcher.memory import secret_store, state
from tools.launcher.place import Place


@pytest.fixture
def place(tmp_path) -> Place:
    place = Place(tmp_path)
    place.prepare()
    return place


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(place):
    first = secret_store(place).secret("secret_key")
    assert len(first) >= 32
    assert secret_store(place).secret("secret_key") == first
    assert (place.hidden / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_what_one_part_remembers_is_not_lost_by_another(place):
    one, other = secret_store(place), secret_store(place)
    made = one.secret("contacts")
    assert other.secret("contacts") == made
    other.put("second", value="x")
    assert one.get("second", "") == "x"
    assert one.secret("contacts") == made


def test_a_clone_keeps_its_port_until_somebody_else_has_it(place):
    port = ports.remembered(state(place), "gateway")
    assert ports.remembered(state(place), "gateway") == port
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", port))
        foreign.listen()
        other = ports.remembered(state(place), "gateway")
    assert other != port
    assert ports.remembered(state(place), "gateway") == other


def test_two_launchers_that_start_at_once_choose_different_ports(place, tmp_path):
    other = Place(tmp_path / "other")
    other.root.mkdir()
    other.prepare()
    choose = (
        "import sys, pathlib; from tools.launcher import ports; from tools.launcher.memory import state;"
        "from tools.launcher.place import Place;"
        "print(ports.remembered(state(Place(pathlib.Path(sys.argv[1]))), 'gateway', prefer=int(sys.argv[2])))"
    )
    port = ports.remembered(state(place), "gateway")
    done = subprocess.run([sys.executable, "-c", choose, str(other.root), str(port)], capture_output=True, text=True)
    assert int(done.stdout) > port


def test_ports_in_a_row_are_all_free(place):
    first = ports.remembered(state(place), "ops", count=5)
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", first + 3))
        foreign.listen()
        assert ports.remembered(state(place), "ops", count=5) not in range(first - 1, first + 4)


def test_compose_secrets_are_random_private_and_never_replaced(place):
    (place.root / "docker-compose.yml").write_text("a: ${ONE:?x}\nb: ${TWO:?x}\nc: ${OPEN:-8080}\n")
    (place.root / ".env").write_text("ONE=kept\n")
    (place.root / ".env").chmod(0o600)
    assert compose_env.run(place, []) == 0
    written = dict(line.split("=") for line in (place.root / ".env").read_text().splitlines())
    assert written["ONE"] == "kept"
    assert len(written["TWO"]) >= 32
    assert set(written) == {"ONE", "TWO"}
