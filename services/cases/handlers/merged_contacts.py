"""Contacts that were merged: what names them names the one that is left."""

from chassis import following
from chassis.reactions import on
from chassis.unit_of_work import UnitOfWork
from contracts.cases import ContactMergeFollowed
from contracts.contacts import ContactMerged, ContactUnmerged


@on(ContactMerged)
def follow_merge(uow: UnitOfWork, event: ContactMerged) -> None:
    """What names a contact that was merged names the one that is left; nobody is told but contacts."""
    done = following.follow(uow, event.merge_id, event.absorbed_ids, event.survivor_id)
    said = ContactMergeFollowed(**done.facts(event.merge_id))
    uow.tell(said, resource=following.RESOURCE, id_=event.merge_id)


@on(ContactUnmerged)
def follow_unmerge(uow: UnitOfWork, event: ContactUnmerged) -> None:
    """What named a contact before it was merged names it again."""
    done = following.unfollow(uow, event.merge_id, event.absorbed_ids)
    said = ContactMergeFollowed(**done.facts(event.merge_id, undone=True))
    uow.tell(said, resource=following.RESOURCE, id_=event.merge_id)
