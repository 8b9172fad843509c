"""Contacts that were merged: what names them names the one that is left."""

from chassis import following
from chassis.following import Followed
from chassis.reactions import on
from chassis.unit_of_work import UnitOfWork
from contracts.cases import ContactMergeFollowed
from contracts.contacts import ContactMerged, ContactUnmerged


@on(ContactMerged)
def follow_merge(uow: UnitOfWork, event: ContactMerged) -> None:
    """What names a contact that was merged names the one that is left; nobody is told but contacts."""
    _acknowledge(uow, event, following.follow(uow, event.merge_id, event.absorbed_ids, event.survivor_id))


@on(ContactUnmerged)
def follow_unmerge(uow: UnitOfWork, event: ContactUnmerged) -> None:
    """What named a contact before it was merged names it again."""
    _acknowledge(uow, event, following.unfollow(uow, event.merge_id, event.absorbed_ids))


def _acknowledge(uow: UnitOfWork, event: ContactMerged | ContactUnmerged, done: Followed) -> None:
    undone = isinstance(event, ContactUnmerged)
    said = ContactMergeFollowed(
        merge_id=event.merge_id, undone=undone, moved=dict(done.moved), stayed=dict(done.stayed)
    )
    uow.tell(said, resource="followed-merges", id_=event.merge_id)
