"""The stack on which the story is played: mail goes out to a server on loopback and comes in by its own door."""

import pytest

from tests.kit.mail import CaughtMail
from tests.kit.stack import PASSWORD, Stack
from tests.kit.subscribers import new_subscriber
from tools.journey.api import Api
from tools.journey.outsider import Outsider
from tools.journey.postbox import Postbox
from tools.journey.story import Story

RESOLUTION_SECONDS = 20


class World:
    """A stack with a mail server beside it."""

    def __init__(self, folder, database):
        self.folder = folder
        self.mail = CaughtMail(folder / "mail")
        self.stack = Stack(folder / "stack", database=database, settings=self.mail.settings)

    def up(self):
        self.mail.start()
        self.stack.up()
        self.subscriber = new_subscriber(self.stack.broker, self.stack.broker_url, "billing")
        return self

    def story(self, api=Api, **more):
        return Story(
            api=api(self.stack.url),
            postbox=Postbox(self.mail.folder, self.mail.door),
            outsider=Outsider(self.subscriber, self.folder / "outside"),
            password=PASSWORD,
            # A mail whose sender was killed over it is sent again after 75 seconds.
            patience=240,
            response_seconds=16,
            resolution_seconds=RESOLUTION_SECONDS,
            **more,
        )

    def stop(self):
        self.stack.stop()
        self.mail.stop()


@pytest.fixture
def world(request, tmp_path):
    """A running world; the test says on which kind of database."""
    made = World(tmp_path, request.param)
    try:
        yield made.up()
    finally:
        made.stop()
