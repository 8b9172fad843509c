"""One service asks another."""

import pytest

from chassis.calls import answered_by, ask, is_away
from chassis.client import BrokerDown, DeadlineExceeded, RemoteRefusal, Reply, ServiceDown
from chassis.context import Actor

US = Actor(kind="service", name="sales")


class Post:
    """Brings one prepared answer after the other."""

    def __init__(self, *answers):
        self.answers, self.headers = list(answers), []

    def __call__(self, operation, *ids, data=None, params=None, headers=None, timeout=3):
        self.headers.append(headers)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Reply(answer, {})


def test_the_answer_comes_parsed_and_the_call_says_who_asks():
    post = Post(b'{"id": 7}')
    with answered_by(post):
        assert ask("contacts.get_person", "7", actor=US, key="k", version=3) == {"id": 7}
    [headers] = post.headers
    assert (headers["nameko.idempotency_key"], headers["nameko.if_match"]) == ("k", "3")
    assert headers["nameko.actor"]


def test_the_same_request_under_way_elsewhere_is_waited_for():
    running = RemoteRefusal(409, "still-running", "…", {"retry_after": 1})
    with answered_by(Post(running, running, b"1")):
        assert ask("contacts.create_person", actor=US, key="k") == 1


def test_it_is_not_waited_for_longer_than_the_caller_allows():
    running = RemoteRefusal(409, "still-running", "…", {})
    with answered_by(Post(*[running] * 100)), pytest.raises(RemoteRefusal):
        ask("contacts.create_person", actor=US, key="k", seconds=0.1)


@pytest.mark.parametrize(
    ("failure", "away"),
    [
        (ServiceDown(service="contacts"), True),
        (BrokerDown(), True),
        (DeadlineExceeded(operation="x"), True),
        (RemoteRefusal(503, "unavailable", "…", {}), True),
        (RemoteRefusal(409, "still-running", "…", {}), True),
        (RemoteRefusal(404, "not-found", "…", {}), False),
        (ValueError(), False),
    ],
)
def test_a_failure_says_whether_asking_later_may_help(failure, away):
    assert is_away(failure) is away
