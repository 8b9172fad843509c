"""Users of other departments at a test's broker, made in milliseconds with the rights of `./trato subscriber`."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from tests.kit.rabbitmq import RabbitMQ
from tools import subscribers
from tools.broker_rights import EXCHANGE, Rights

_BACKEND = "rabbit_auth_backend_internal"


def new_subscriber(node: RabbitMQ, suite_url: str, name: str) -> str:
    """Make a subscriber in the virtual host of ``suite_url`` and return its URL."""
    administration = ErlangAdministration(node, unquote(suite_url.rpartition("/")[2]))
    return subscribers.carry_out(administration, suite_url, name, [], renew=False, gone=False).strip()


def remove_subscriber(node: RabbitMQ, suite_url: str, name: str) -> None:
    """Remove a subscriber of the virtual host of ``suite_url``."""
    administration = ErlangAdministration(node, unquote(suite_url.rpartition("/")[2]))
    subscribers.carry_out(administration, suite_url, name, [], renew=False, gone=True)


@dataclass
class ErlangAdministration:
    """A node administered from inside; what its users own is left to the end of the node."""

    node: RabbitMQ
    vhost: str

    def tags(self) -> dict[str, set[str]]:
        """Return every user with its tags."""
        shown = self.node.evaluate(f'lists:flatten(io_lib:format("~0p", [[{{User, Tags}} || {_LISTED}]])).')
        found = re.findall(r'<<"([^"]+)">>,\[([^\]]*)\]', re.sub(r"\\+|\s", "", shown))
        return {name: set(tags.replace("'", "").split(",")) for name, tags in found}

    def make_user(self, name: str, password: str, tag: str, *, known: bool) -> None:
        """Create a user, or give it another password."""
        verb = "change_password" if known else "add_user"
        self.node.evaluate(f'{_BACKEND}:{verb}(<<"{name}">>, <<"{password}">>, <<"tests">>).')
        self.node.evaluate(f'{_BACKEND}:set_tags(<<"{name}">>, [\'{tag}\'], <<"tests">>).')

    def grant(self, name: str, rights: Rights) -> None:
        """Give a user these rights and no others."""
        where = f'<<"{name}">>, <<"{self.vhost}">>'
        granted = ", ".join(_binary(each) for each in (rights.configure, rights.write, rights.read))
        self.node.evaluate(f'{_BACKEND}:set_permissions({where}, {granted}, <<"tests">>).')
        topic = f'<<"{EXCHANGE}">>, {_binary(rights.publishes)}, {_binary(".*")}'
        self.node.evaluate(f'{_BACKEND}:set_topic_permissions({where}, {topic}, <<"tests">>).')

    def remove_user(self, name: str) -> None:
        """Remove a user."""
        self.node.evaluate(f'{_BACKEND}:delete_user(<<"{name}">>, <<"tests">>).')

    def remove_belongings(self, name: str) -> None:
        """Leave them."""


_LISTED = f"[{{user, User}}, {{tags, Tags}}] <- {_BACKEND}:list_users()"


def _binary(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    return f'<<"{escaped}">>'
