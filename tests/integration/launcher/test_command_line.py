"""What the launcher says to a person who mistypes, asks for help or speaks Spanish."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def trato(*arguments: str, language: str = "en_GB.UTF-8") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": language}
    return subprocess.run(
        [str(ROOT / "trato"), *arguments], env=environment, cwd="/", capture_output=True, text=True, check=False
    )


def test_help_names_every_command_of_the_architecture():
    shown = trato("help").stdout
    for name in (
        "up",
        "down",
        "status",
        "logs",
        "test",
        "check",
        "token",
        "events",
        "bench",
        "migrate",
        "reset",
        "demo",
        "mail",
    ):
        assert f"  {name} " in shown


def test_an_unknown_command_is_answered_with_the_nearest():
    answer = trato("dwon")
    assert answer.returncode == 2
    assert "./trato down" in answer.stderr


def test_the_launcher_speaks_the_language_of_the_terminal():
    assert "No existe la orden" in trato("estado", language="es_ES.UTF-8").stderr
    assert "There is no command" in trato("estado", language="C.UTF-8").stderr


def test_each_command_explains_its_options():
    assert "--postgres" in trato("up", "--help").stdout
    assert "PostgreSQL en vez de SQLite" in trato("up", "--help", language="es_ES.UTF-8").stdout


def test_without_a_fitting_python_one_sentence_says_what_to_install():
    environment = {"PATH": "/usr/bin:/bin", "TRATO_PYTHON": "no-such-python", "LC_ALL": "C.UTF-8"}
    answer = subprocess.run([str(ROOT / "trato")], env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Trato needs Python 3.11")
    assert answer.stderr.count("\n") == 1
