from collections.abc import Iterator, Sequence

import pytest

from chassis.errors import Refusal
from tests.factories.administration import Administration
from tools.demo.asking import Call
from tools.demo.users import PASSWORD, ensure_demo_users


class _ServiceAsker:
    """Asks the service at hand, without a bus."""

    def __init__(self, service):
        self.service = service

    def ask_all(self, calls: Sequence[Call]) -> Iterator[object]:
        for call in calls:
            try:
                yield self.service.ask(
                    call.operation.removeprefix("administration."),
                    *call.ids,
                    data=call.data,
                    params=call.params,
                    by=call.by,
                ).body
            except Refusal as refusal:
                yield refusal


@pytest.fixture
def service(run_service):
    """The service with nobody in it yet."""
    return run_service("administration")


def test_the_demo_users_are_made_once_and_each_may_do_the_own_work(service):
    assert ensure_demo_users(_ServiceAsker(service)) == 4
    assert ensure_demo_users(_ServiceAsker(service)) == 0

    demo = Administration(service, service.actor, "")
    admin, marta, ana, luis = (demo.signed_in(name, PASSWORD) for name in ("admin", "marta", "ana", "luis"))

    assert admin.permissions == {**admin.permissions, "*:*": "all"}
    assert ana.groups == {ana.group_id, marta.group_id}
    assert ana.teams == {ana.group_id}
    assert marta.teams == {marta.group_id, ana.group_id, luis.group_id}
    assert ana.scope("users:write") is None
    assert ana.scope("users:read") == "all"
