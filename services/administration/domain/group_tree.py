"""The tree of groups as a value: who is above, who is below, where roles come from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One group's place in the tree; ``inherits`` says whether roles come down to it from its parent."""

    parent_id: UUID | None = None
    inherits: bool = True


class GroupTree:
    """All groups of the installation. A group belongs to its parent, so membership and roles come down the tree."""

    def __init__(self, branches: Mapping[UUID, Branch]) -> None:
        self._branches = dict(branches)
        self._children: dict[UUID, list[UUID]] = {}
        for id_, branch in self._branches.items():
            if branch.parent_id is not None:
                self._children.setdefault(branch.parent_id, []).append(id_)

    def upwards(self, group_id: UUID) -> Iterator[UUID]:
        """Yield the group and its ancestors, nearest first."""
        seen: set[UUID] = set()
        current: UUID | None = group_id
        # A cycle cannot be stored; should one ever be, an answer is better than an endless loop.
        while current is not None and current in self._branches and current not in seen:
            seen.add(current)
            yield current
            current = self._branches[current].parent_id

    def downwards(self, group_id: UUID) -> Iterator[UUID]:
        """Yield the group and every group below it, in no particular order."""
        seen: set[UUID] = set()
        waiting = [group_id] if group_id in self._branches else []
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                yield current
                waiting.extend(self._children.get(current, ()))

    def effective(self, direct: Iterable[UUID]) -> frozenset[UUID]:
        """Return every group that somebody directly in ``direct`` belongs to: those and all above them."""
        return frozenset(group for id_ in direct for group in self.upwards(id_))

    def teams(self, direct: Iterable[UUID]) -> frozenset[UUID]:
        """Return the groups whose rows the scope ``team`` shows: own groups and all below, never beside."""
        return frozenset(group for id_ in direct for group in self.downwards(id_))

    def role_sources(self, direct: Iterable[UUID]) -> frozenset[UUID]:
        """Return the groups whose roles reach somebody directly in ``direct``."""
        return frozenset(group for id_ in direct for group in self._inheriting(id_))

    def role_reach(self, group_id: UUID) -> frozenset[UUID]:
        """Return the groups whose direct members get a role granted to ``group_id``."""
        return frozenset(id_ for id_ in self.downwards(group_id) if group_id in self._inheriting(id_))

    def would_cycle(self, group_id: UUID, parent_id: UUID | None) -> bool:
        """Return whether putting the group under ``parent_id`` would make it its own ancestor."""
        return parent_id is not None and group_id in self.upwards(parent_id)

    def _inheriting(self, group_id: UUID) -> Iterator[UUID]:
        for id_ in self.upwards(group_id):
            yield id_
            if not self._branches[id_].inherits:
                return
