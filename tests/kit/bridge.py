"""Calls between services under test in one process: they go through the whole pipeline of the one that is asked."""

from collections.abc import Callable, Mapping
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
        self.meanwhile: dict[str, Callable[[], object]] = {}
        self.after: dict[str, BaseException] = {}

    def __call__(
        self,
        operation: str,
        *ids: str,
        data: Any = None,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 3,
    ) -> Reply:
        """Ask as ``chassis.client.Client`` does.

        Of one operation ``before`` holds what comes instead of it, ``meanwhile`` what else happens while it is done,
        ``after`` what comes instead of its answer.
        """
        name, _, method = operation.partition(".")
        self.asked.append(operation)
        if name in self.down:
            raise ServiceDown(service=name)
        if operation in self.before:
            raise self.before[operation]
        if operation in self.meanwhile:
            self.meanwhile[operation]()
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
        if operation in self.after:
            raise self.after[operation]
        return Reply(orjson.dumps(reply.body), dict(reply.headers))
