"""Entrypoints about segments and lists, and who belongs to them."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import lists as list_commands
from services.contacts.commands import segments as commands
from services.contacts.domain.contact_list import ContactList
from services.contacts.domain.member_card import MemberCard
from services.contacts.domain.segment import Segment
from services.contacts.queries import lists, members, segments
from services.contacts.queries.lists import LIST_FILTERS
from services.contacts.queries.members import MEMBER_FILTERS
from services.contacts.queries.segments import SEGMENT_FILTERS
from services.contacts.schemas import (
    AddedToListSchema,
    ContactListChangeSchema,
    ContactListSchema,
    ListedContactsSchema,
    MemberSchema,
    SegmentChangeSchema,
    SegmentSchema,
)


class Segments:
    """What may be asked of segments and lists; their members are shown to who may read the contacts."""

    @command(loads=SegmentSchema, dumps=SegmentSchema, needs="segments:write")
    def create_segment(self, uow: UnitOfWork, data: dict[str, Any]) -> Segment:
        """Save a filter tree as a segment."""
        return commands.create_segment(uow, **data)

    @query(dumps=SegmentSchema, needs="segments:read")
    def get_segment(self, uow: UnitOfWork, segment_id: UUID) -> Segment:
        """Show a segment."""
        return uow.get(Segment, segment_id)

    @query(lists=SegmentSchema, filters=SEGMENT_FILTERS, needs="segments:read")
    def list_segments(self, uow: UnitOfWork, page: PageRequest) -> Page[Segment]:
        """List segments."""
        return segments.segments(uow, page)

    @command(patches=SegmentChangeSchema, dumps=SegmentSchema, needs="segments:write")
    def update_segment(self, uow: UnitOfWork, segment_id: UUID, data: dict[str, Any]) -> Segment:
        """Change a segment; a filter is replaced whole."""
        return commands.update_segment(uow, segment_id, data)

    @command(needs="segments:write")
    def delete_segment(self, uow: UnitOfWork, segment_id: UUID) -> None:
        """Delete a segment; its members stay what they are."""
        commands.delete_segment(uow, segment_id)

    @query(lists=MemberSchema, filters=MEMBER_FILTERS, needs="segments:read")
    def list_segment_members(self, uow: UnitOfWork, segment_id: UUID, page: PageRequest) -> Page[MemberCard]:
        """List who belongs to a segment now, of those whom the caller may see."""
        return members.members_of_segment(uow, segment_id, page)

    @command(loads=ContactListSchema, dumps=ContactListSchema, needs="lists:write")
    def create_list(self, uow: UnitOfWork, data: dict[str, Any]) -> ContactList:
        """Begin a distribution list."""
        return list_commands.create_list(uow, **data)

    @query(dumps=ContactListSchema, needs="lists:read")
    def get_list(self, uow: UnitOfWork, list_id: UUID) -> ContactList:
        """Show a list."""
        return uow.get(ContactList, list_id)

    @query(lists=ContactListSchema, filters=LIST_FILTERS, needs="lists:read")
    def list_lists(self, uow: UnitOfWork, page: PageRequest) -> Page[ContactList]:
        """List distribution lists."""
        return lists.lists(uow, page)

    @command(patches=ContactListChangeSchema, dumps=ContactListSchema, needs="lists:write")
    def update_list(self, uow: UnitOfWork, list_id: UUID, data: dict[str, Any]) -> ContactList:
        """Change a list."""
        return list_commands.update_list(uow, list_id, data)

    @command(needs="lists:write")
    def delete_list(self, uow: UnitOfWork, list_id: UUID) -> None:
        """Delete a list; its members stay what they are."""
        list_commands.delete_list(uow, list_id)

    @query(lists=MemberSchema, filters=MEMBER_FILTERS, needs="lists:read")
    def list_list_members(self, uow: UnitOfWork, list_id: UUID, page: PageRequest) -> Page[MemberCard]:
        """List who belongs to a list now, by hand or by a segment, of those whom the caller may see."""
        return members.members_of_list(uow, list_id, page)

    @command(loads=ListedContactsSchema, dumps=AddedToListSchema, needs="lists:write")
    def add_list_members(self, uow: UnitOfWork, list_id: UUID, data: dict[str, Any]) -> dict[str, int]:
        """Put up to 1,000 contacts on a list."""
        return list_commands.add_members(uow, list_id, **data)

    @command(needs="lists:write")
    def remove_list_member(self, uow: UnitOfWork, list_id: UUID, contact_id: UUID) -> None:
        """Take a contact off a list."""
        list_commands.remove_member(uow, list_id, contact_id)
