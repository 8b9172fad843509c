"""Entrypoints about templates."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import templates as commands
from services.notifications.domain.message import Message
from services.notifications.domain.template import Template, TemplatePreview
from services.notifications.queries import templates as queries
from services.notifications.queries.templates import TEMPLATE_FILTERS
from services.notifications.schemas import (
    MessageSchema,
    PreviewSchema,
    TemplatePreviewSchema,
    TemplateSchema,
    TestMailSchema,
)


class Templates:
    """What may be asked of templates."""

    @command(loads=TemplateSchema, dumps=TemplateSchema, needs="templates:write")
    def create_template(self, uow: UnitOfWork, data: dict[str, Any]) -> Template:
        """Write a template; a placeholder without sample data is refused by name."""
        return commands.create_template(uow, **data)

    @query(dumps=TemplateSchema, needs="templates:read")
    def get_template(self, uow: UnitOfWork, template_id: UUID) -> Template:
        """Show a template."""
        return uow.get(Template, template_id)

    @query(lists=TemplateSchema, filters=TEMPLATE_FILTERS, needs="templates:read")
    def list_templates(self, uow: UnitOfWork, page: PageRequest) -> Page[Template]:
        """List templates."""
        return queries.templates(uow, page)

    @command(patches=TemplateSchema, dumps=TemplateSchema, needs="templates:write")
    def update_template(self, uow: UnitOfWork, template_id: UUID, data: dict[str, Any]) -> Template:
        """Change a template."""
        return commands.update_template(uow, template_id, data)

    @command(needs="templates:write")
    def delete_template(self, uow: UnitOfWork, template_id: UUID) -> None:
        """Delete a template; what was sent with it stays."""
        commands.delete_template(uow, template_id)

    @query(loads=PreviewSchema, dumps=TemplatePreviewSchema, needs="templates:read")
    def preview_template(self, uow: UnitOfWork, template_id: UUID, data: dict[str, Any]) -> TemplatePreview:
        """Show what a message would say: of a record, with values of one's own, or with the sample data."""
        return commands.preview(uow, template_id, **data)

    @command(loads=TestMailSchema, dumps=MessageSchema, needs="templates:write")
    def test_template(self, uow: UnitOfWork, template_id: UUID, data: dict[str, Any]) -> Message:
        """Send a template to one address to see how it looks."""
        return commands.send_test(uow, template_id, **data)
