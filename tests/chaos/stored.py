"""What is in the databases in the end, compared with what clients were told is done."""

import re

import sqlalchemy as sa

from tests.chaos.writes import QUESTIONS

_ID = re.compile("[0-9a-f-]{36}")


class Stored:
    """The databases of a stack. What is there when it is made, and which events were told before, is left out."""

    def __init__(self, stack):
        self._stack = stack
        self._there = {question: set(self._answers(question)) for question in QUESTIONS}
        self.before = set()
        self.before = {id_ for id_, _, _ in self.told()}

    def differences(self, ledger):
        """What is not as acknowledged, or missing, or there and was not acknowledged, by question: (wanted, found)."""
        return {question: found for question in QUESTIONS if (found := self._different(question, ledger))}

    def nothing_was_told_twice(self):
        """Each event of a record has a number of its own."""
        for service in self._stack.services:
            twice = "select resource, aggregate_id, sequence from outbox group by 1, 2, 3 having count(*) > 1"
            assert self._rows(service, twice) == [], service

    def case_numbers_have_no_gaps(self):
        """The last number given out is how many cases there are."""
        [(cases, highest)] = self._rows("cases", "select count(*), max(number) from cases")
        assert int(highest.rpartition("-")[2]) == cases

    def pending(self):
        """How many events wait to be published."""
        waiting = "select count(*) from outbox where published_at is null"
        return sum(self._rows(service, waiting)[0][0] for service in self._stack.services)

    def told(self):
        """Every event of every service, from their own logs: id, subject, sequence."""
        told = [
            (_plain(row[0]), f"{row[1]}/{_plain(row[2])}", row[3])
            for service in self._stack.services
            for row in self._rows(service, "select event_id, resource, aggregate_id, sequence from outbox")
        ]
        return [event for event in told if event[0] not in self.before]

    def _different(self, question, ledger):
        wanted = {_plain(id_): str(value) for id_, value in ledger.facts.get(question, {}).items()}
        stored = self._answers(question)
        ids = wanted.keys() | (stored.keys() - self._there[question])
        pairs = {id_: (wanted.get(id_), stored.get(id_)) for id_ in ids}
        return {id_: pair for id_, pair in pairs.items() if pair[0] != pair[1]}

    def _answers(self, question):
        rows = self._rows(*QUESTIONS[question])
        return {_plain(id_): _plain(value) if _ID.fullmatch(str(value)) else str(value) for id_, value in rows}

    def _rows(self, service, sql):
        engine = sa.create_engine(self._stack.database_url(service))
        with engine.connect() as connection:
            rows = connection.execute(sa.text(sql)).all()
        engine.dispose()
        return rows


def _plain(value):
    return str(value).replace("-", "")
