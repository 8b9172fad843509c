"""A broker administered by `rabbitmqctl`: the clone's private node, or its container."""

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from tools.broker_rights import EXCHANGE, Rights

_SECONDS = 60


class Rabbitmqctl:
    """Runs `rabbitmqctl`; raises ``OSError`` with what it says where it fails."""

    def __init__(self, command: list[str], environment: Mapping[str, str], vhost: str) -> None:
        self._command, self._environment, self._vhost = command, dict(environment), vhost

    def tags(self) -> dict[str, set[str]]:
        """Return every user with its tags."""
        return {user["user"]: set(user["tags"]) for user in self._listed("list_users")}

    def make_user(self, name: str, password: str, tag: str, *, known: bool) -> None:
        """Create a user, or give it another password; the password does not stand on a command line."""
        self._run("change_password" if known else "add_user", name, text=password)
        self._run("set_user_tags", name, tag)

    def grant(self, name: str, rights: Rights) -> None:
        """Give a user these rights and no others."""
        self._run("set_permissions", "-p", self._vhost, name, rights.configure, rights.write, rights.read)
        self._run("set_topic_permissions", "-p", self._vhost, name, EXCHANGE, rights.publishes, ".*")

    def remove_user(self, name: str) -> None:
        """Remove a user; its connections are closed."""
        self._run("delete_user", name)

    def remove_belongings(self, name: str) -> None:
        """Remove the queues and exchanges whose names begin with the user's."""
        for queue in self._listed("list_queues", "-p", self._vhost, "name"):
            if queue["name"].startswith(f"{name}."):
                self._run("delete_queue", "-p", self._vhost, queue["name"])
        for exchange in self._listed("list_exchanges", "-p", self._vhost, "name"):
            if exchange["name"].startswith(f"{name}."):
                # There is no command for it. The names hold nothing that Erlang would read otherwise.
                resource = f'rabbit_misc:r(<<"{self._vhost}">>, exchange, <<"{exchange["name"]}">>)'
                self._run("eval", f'rabbit_exchange:delete({resource}, false, <<"{name}">>).')

    def _listed(self, *arguments: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._run(*arguments, "--formatter", "json") or "[]")
        return found

    def _run(self, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [*self._command, "--quiet", *arguments],
            env=self._environment,
            input=f"{text}\n",
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            raise OSError(f"rabbitmqctl {arguments[0]}: {(done.stderr or done.stdout).strip()}")
        return done.stdout
