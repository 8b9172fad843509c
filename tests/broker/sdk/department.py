"""Another department beside the suite: its programs, and a suite that tells it made-up events."""

import contextlib
import json
import os
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pika
from pika.exceptions import NackError

from chassis.envelope import Envelope

PROGRAM = Path(__file__).with_name("a_program.py")


def until(what, seconds=60, said=""):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, said() if callable(said) else said or "it did not come to that"
        time.sleep(0.05)


@dataclass
class Teller:
    """Tells events of one service of its own, so that tests that share a broker do not hear each other."""

    url: str
    service: str = field(default_factory=lambda: f"s{uuid.uuid4().hex[:12]}")
    told: list[Envelope] = field(default_factory=list)

    def tell(self, count=1, **how):
        """Publish events with confirms, as the relay does; return them."""
        events = self.make(count, **how)
        self.again(*events)
        return events

    def make(self, count=1, *, subject=None, topic="thing_done", version=1, skip=0, at=None):
        """Return events that nobody has been told yet."""
        events = []
        for _ in range(count):
            name = subject or f"things/{uuid.uuid4()}"
            before = max((each.sequence for each in self.told if each.subject == name), default=0)
            events.append(
                Envelope(
                    id=uuid.uuid4(),
                    source=f"/crm/{self.service}",
                    type=f"crm.{self.service}.{topic}.v{version}",
                    subject=name,
                    time=at or datetime.now(UTC),
                    sequence=before + 1 + skip,
                    data={"thing": "ñandú", "number": before},
                )
            )
            self.told.append(events[-1])
        return events

    def again(self, *events):
        self.publish(*[(event.type, event.to_json()) for event in events])

    def publish(self, *messages):
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for key, body in messages:
                _insist(channel, key, body)


def _insist(channel, key, body):
    """Publish until it is confirmed, as the relay does: RabbitMQ 4 refuses what comes while a bound queue goes away."""
    while True:
        with contextlib.suppress(NackError):
            channel.basic_publish("crm.events", key, body, pika.BasicProperties(delivery_mode=2))
            return


@dataclass
class Department:
    """One subscription with its file of what was heard; programs are started, killed and stopped."""

    programs: Path
    url: str
    folder: Path
    name: str
    running: list[subprocess.Popen] = field(default_factory=list)

    @property
    def heard_file(self):
        return self.folder / "heard"

    def start(self, patterns, **options):
        command = [str(self.programs / "python"), str(PROGRAM), str(self.heard_file)]
        asked = json.dumps({"patterns": patterns, "url": self.url, "name": self.name, **options})
        with (self.folder / "log").open("ab") as log:
            one = subprocess.Popen([*command, asked], cwd=self.folder, env=_clean(), stdout=log, stderr=log)
        self.running.append(one)
        return one

    def connected(self, times=1):
        until(lambda: self.log.count("is connected") >= times, said=lambda: self.log)
        return self

    def order(self, **orders):
        target = self.heard_file.with_suffix(".orders")
        target.with_suffix(".new").write_text(json.dumps(orders))
        target.with_suffix(".new").replace(target)

    @property
    def log(self):
        found = self.folder / "log"
        return found.read_text() if found.exists() else ""

    def lines(self):
        return self.heard_file.read_text().splitlines() if self.heard_file.exists() else []

    def heard(self):
        """The ids heard, in order."""
        return [line.split()[0] for line in self.lines() if line.count(" ") == 4]

    def hears(self, events, seconds=60):
        wanted = {str(event.id) for event in events}
        until(
            lambda: wanted <= set(self.heard()),
            seconds,
            said=lambda: f"{len(wanted - set(self.heard()))} of {len(wanted)} not heard\n{self.log[-3000:]}",
        )

    def stop(self, one, number=signal.SIGTERM, seconds=60):
        one.send_signal(number)
        return one.wait(seconds)

    def parked(self):
        """How many messages are parked, as the broker counts."""
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            found = connection.channel().queue_declare(f"{self.name}.subscription-parked", passive=True)
            return found.method.message_count

    def command(self, *arguments, code=0):
        done = subprocess.run(
            [str(self.programs / "trato-events"), "--url", self.url, "--name", self.name, *arguments],
            cwd=self.folder, env=_clean(), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return [json.loads(line) for line in done.stdout.splitlines()] if code == 0 else done

    def close(self):
        for one in self.running:
            if one.poll() is None:
                one.kill()
                one.wait()


def ago(**before):
    return datetime.now(UTC) - timedelta(**before)


def _clean():
    return {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
