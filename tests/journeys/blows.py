"""A caller during whose requests parts of the stack die: what was asked is asked again under the same key."""

import random
import threading
import time
from dataclasses import dataclass, field

from tools.journey.api import Api


@dataclass(frozen=True)
class Blow:
    """While the ``request``-th request of a step is under way ``victim`` is killed; it is back after ``down`` seconds.

    The broker is stopped in an orderly way where ``orderly``.
    """

    step: int
    victim: str
    request: int = 1
    down: float = 0.3
    orderly: bool = False


@dataclass
class StruckApi(Api):
    """Deals out ``blows`` to ``stack`` as the story goes on; ``at_step`` is told which step is played."""

    stack: object = None
    blows: list = field(default_factory=list)
    dealt: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    threads: list = field(default_factory=list)
    step: int = 0
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def at_step(self, number, _step):
        self.step, self.requests = number, 0

    def once(self, method, path, body, headers):
        with self.lock:
            self.requests += 1
            due = [blow for blow in self.blows if (blow.step, blow.request) == (self.step, self.requests)]
        for blow in due:
            self.threads.append(threading.Thread(target=self._strike, args=(blow,)))
            self.threads[-1].start()
        return super().once(method, path, body, headers)

    def all_are_back(self):
        """Wait until what was killed runs again; raises what went wrong with that."""
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def _strike(self, blow):
        try:
            time.sleep(random.random() * 0.02)
            self._take_down(blow)
            time.sleep(blow.down)
            self._bring_back(blow)
            self.dealt.append(blow)
        except Exception as error:  # noqa: BLE001 - the test reports it
            self.failures.append(error)

    def _take_down(self, blow):
        if blow.victim != "broker":
            self.stack.kill(blow.victim)
        elif blow.orderly:
            self.stack.broker.stop()
        else:
            self.stack.broker.kill()

    def _bring_back(self, blow):
        if blow.victim == "broker":
            self.stack.broker.start()
        else:
            self.stack.start(blow.victim)
