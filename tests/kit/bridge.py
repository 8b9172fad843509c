"""Calls between services under test in one process: they go through the whole pipeline of the one that is asked."""

from collections.abc import Mapping
from typing import Any

import orjson

from chassis import settings
from chassis.client import RemoteRefusal, Reply, ServiceDown
from chassis.context import Actor
from chassis.errors import Refusal
from tests.kit.service import TestedService


class Bridge:
    """Brings calls to the services it knows; ``down`` names those that are away, ``asked`` what was asked so far."""

    def __init__(self, *services: TestedService) -> None:
        self.services = {service.name: service for service in services}
        self.down: set[str] = set()
        self.asked: list[str] = []
        self.before: dict[str, Exception] = {}

    def __call__(
        self,
        operation: str,
        *ids: str,
        data: Any = None,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 3,
    ) -> Reply:
        """Ask as ``chassis.client.Client`` does. ``before`` holds what comes instead of one operation's answer."""
        name, _, method = operation.partition(".")
        self.asked.append(operation)
        if name in self.down:
            raise ServiceDown(service=name)
        if operation in self.before:
            raise self.before[operation]
        headers = headers or {}
        version = headers.get("nameko.if_match")
        try:
            reply = self.services[name].ask(
                method,
                *ids,
                data=data,
                params=params,
                by=Actor.verify(headers["nameko.actor"], settings.load().secret_key),
                key=headers.get("nameko.idempotency_key"),
                version=None if version is None else int(version),
            )
        except Refusal as refusal:
            raise RemoteRefusal(refusal.status, refusal.slug, refusal.detail, refusal.params) from refusal
        return Reply(orjson.dumps(reply.body), dict(reply.headers))
