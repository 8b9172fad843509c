"""projects with their tasks and plans; the project that a case belongs to"""

import sqlalchemy as sa
from alembic import op
from chassis.db import search_index
from chassis.db.instants import UtcDateTime
from chassis.db.json_values import JSON_DOCUMENT

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("after_sale_type_id", sa.Uuid(), nullable=True),
        sa.Column("tasks", JSON_DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_sale_type_id"], ["case_types.id"], name=op.f("fk_project_plans_after_sale_type_id_case_types")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_plans")),
        sa.UniqueConstraint("name", name=op.f("uq_project_plans_name")),
    )
    with op.batch_alter_table("project_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_plans_after_sale_type_id"), ["after_sale_type_id"], unique=False)

    op.create_table(
        "projects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_because", sa.String(length=255), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("custom", JSON_DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["project_plans.id"], name=op.f("fk_projects_plan_id_project_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("opportunity_id", name=op.f("uq_projects_opportunity_id")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_projects_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_starts_on"), ["starts_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_state"), ["state"], unique=False)

    op.create_table(
        "project_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_tasks_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_tasks")),
    )
    with op.batch_alter_table("project_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_tasks_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_tasks_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_tasks_project_id"), ["project_id"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("project_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_cases_project_id"), ["project_id"], unique=False)

    search_index.create_index(op, "projects")


def downgrade() -> None:
    search_index.drop_index(op, "projects")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_project_id"))
        batch_op.drop_column("project_id")

    with op.batch_alter_table("project_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_tasks_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_tasks_due_at"))
        batch_op.drop_index(batch_op.f("ix_project_tasks_assignee_id"))

    op.drop_table("project_tasks")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_projects_state"))
        batch_op.drop_index(batch_op.f("ix_projects_starts_on"))
        batch_op.drop_index(batch_op.f("ix_projects_plan_id"))
        batch_op.drop_index(batch_op.f("ix_projects_person_id"))
        batch_op.drop_index(batch_op.f("ix_projects_owner_id"))
        batch_op.drop_index(batch_op.f("ix_projects_group_id"))
        batch_op.drop_index(batch_op.f("ix_projects_ends_on"))
        batch_op.drop_index(batch_op.f("ix_projects_ended_at"))
        batch_op.drop_index(batch_op.f("ix_projects_company_id"))

    op.drop_table("projects")
    with op.batch_alter_table("project_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_plans_after_sale_type_id"))

    op.drop_table("project_plans")
