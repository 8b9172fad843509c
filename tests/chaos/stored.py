"""What is in the databases in the end, compared with what clients were told is done."""

import sqlalchemy as sa

from tests.chaos.writes import QUESTIONS


class Stored:
    """The databases of a stack. What is there when it is made, and which events were told before, is left out."""

    def __init__(self, stack):
        self._stack = stack
        self._there = {question: set(self._answers(question)) for question in QUESTIONS}
        self.before = set()
        self.before = {id_ for id_, _, _ in self.told()}

    def is_what_was_acknowledged(self, ledger):
        """Every acknowledged write is there, once, and nothing else is."""
        for question in QUESTIONS:
            wanted = {_plain(id_): str(value) for id_, value in ledger.facts.get(question, {}).items()}
            found = self._answers(question)
            found = {id_: value for id_, value in found.items() if id_ in wanted or id_ not in self._there[question]}
            different = {id_: (wanted.get(id_), found.get(id_)) for id_ in {*wanted, *found}}
            different = {id_: pair for id_, pair in different.items() if pair[0] != pair[1]}
            assert not different, f"{len(different)} {question} acknowledged and stored differ: {sample(different)}"
        for service in self._stack.services:
            twice = "select resource, aggregate_id, sequence from outbox group by 1, 2, 3 having count(*) > 1"
            assert self._rows(service, twice) == [], service
        [(cases, highest)] = self._rows("cases", "select count(*), max(number) from cases")
        assert int(highest.rpartition("-")[2]) == cases, "case numbers have gaps"

    def pending(self):
        """How many events wait to be published."""
        waiting = "select count(*) from outbox where published_at is null"
        return sum(self._rows(service, waiting)[0][0] for service in self._stack.services)

    def waiting_leads(self):
        """How many leads wait for contacts."""
        return self._rows("sales", "select count(*) from leads where state = 'qualifying'")[0][0]

    def told(self):
        """Every event of every service, from their own logs: id, subject, sequence."""
        told = [
            (_plain(row[0]), f"{row[1]}/{_plain(row[2])}", row[3])
            for service in self._stack.services
            for row in self._rows(service, "select event_id, resource, aggregate_id, sequence from outbox")
        ]
        return [event for event in told if event[0] not in self.before]

    def _answers(self, question):
        return {_plain(row[0]): _plain(row[1]) if len(str(row[1])) == 36 else str(row[1]) for row in self._rows(*QUESTIONS[question])}

    def _rows(self, service, sql):
        engine = sa.create_engine(self._stack.database_url(service))
        with engine.connect() as connection:
            rows = connection.execute(sa.text(sql)).all()
        engine.dispose()
        return rows


def sample(found):
    """Return a few of many, for a sentence."""
    return dict(list(found.items())[:3])


def _plain(value):
    return str(value).replace("-", "")
