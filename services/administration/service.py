"""Entrypoints of the administration service: check, delegate, shape. No rule lives here."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.errors import DomainError
from chassis.rpc import ANYONE, INTERNAL, command, query
from chassis.unit_of_work import UnitOfWork
from services.administration import schemas
from services.administration.commands import (
    api_keys,
    fields,
    first_administrator,
    groups,
    identity,
    parameters,
    passwords,
    roles,
    sessions,
    users,
)
from services.administration.domain.api_key import ApiKey
from services.administration.domain.audit_entry import AuditEntry
from services.administration.domain.custom_field import CustomField
from services.administration.domain.group import Group
from services.administration.domain.role import Role
from services.administration.domain.session import Session
from services.administration.domain.user import User
from services.administration.queries import catalogue, lists, who
from services.administration.queries import parameters as parameter_queries


class AdministrationService:
    """Who may come in, what each may do, and how the installation is set up."""

    name = "administration"

    @command(
        loads=schemas.LogInSchema,
        dumps=schemas.SignedInSchema,
        needs=None,
        secret=True,
        prepares=sessions.check_password,
    )
    def log_in(
        self, uow: UnitOfWork, data: dict[str, Any], prepared: sessions.Checked
    ) -> sessions.SignedIn | DomainError:
        """Open a session with a user name and a password. Failures are slowed down, growing."""
        return sessions.log_in(uow, prepared, **data)

    @command(needs=ANYONE)
    def log_out(self, uow: UnitOfWork) -> None:
        """End the session of this request."""
        sessions.log_out(uow)

    @query(dumps=schemas.WhoAmISchema, needs=ANYONE)
    def who_am_i(self, uow: UnitOfWork) -> dict[str, Any]:
        """Say who calls and what may be done with this credential."""
        return who.who_am_i(uow)

    @command(patches=schemas.ProfileSchema, dumps=schemas.UserSchema, needs=ANYONE)
    def update_profile(self, uow: UnitOfWork, data: dict[str, Any]) -> User:
        """Change the own name, e-mail, language or time zone."""
        return users.update_profile(uow, **data)

    @command(loads=schemas.OwnPasswordSchema, dumps=schemas.UserSchema, needs=ANYONE, prepares=passwords.prepare_own)
    def change_own_password(
        self, uow: UnitOfWork, data: dict[str, Any], prepared: passwords.OwnChange
    ) -> User | DomainError:
        """Change the own password; the other sessions of this user end."""
        return passwords.change_own_password(uow, prepared, **data)

    @command(loads=schemas.CredentialSchema, needs=INTERNAL)
    def identify(self, uow: UnitOfWork, data: dict[str, Any]) -> dict[str, Any]:
        """Say who presents a session or an API key."""
        return identity.identify(uow, **data)

    # Users

    @command(
        loads=schemas.NewUserSchema,
        dumps=schemas.UserSchema,
        needs="users:write",
        prepares=passwords.prepare_first,
    )
    def create_user(self, uow: UnitOfWork, data: dict[str, Any], prepared: str | None) -> User:
        """Create a user."""
        return users.create_user(uow, prepared, **data)

    @command(loads=schemas.NewUserSchema, dumps=schemas.UserSchema, needs=INTERNAL, prepares=passwords.prepare_first)
    def create_first_administrator(self, uow: UnitOfWork, data: dict[str, Any], prepared: str | None) -> User:
        """Create the administrator of an installation that has none."""
        return first_administrator.create_first_administrator(uow, prepared, **data)

    @query(dumps=schemas.UserSchema, needs="users:read")
    def get_user(self, uow: UnitOfWork, user_id: UUID) -> User:
        """Read one user."""
        return uow.get(User, user_id)

    @query(lists=schemas.UserSchema, filters=lists.USER_FILTERS, needs="users:read")
    def list_users(self, uow: UnitOfWork, page: PageRequest) -> Page[User]:
        """List users."""
        return lists.users(uow, page)

    @command(patches=schemas.UserSchema, dumps=schemas.UserSchema, needs="users:write")
    def update_user(self, uow: UnitOfWork, user_id: UUID, data: dict[str, Any]) -> User:
        """Change a user, its groups and its roles."""
        return users.update_user(uow, user_id, **data)

    @command(loads=schemas.DeactivationSchema, dumps=schemas.UserSchema, needs="users:write")
    def deactivate_user(self, uow: UnitOfWork, user_id: UUID, data: dict[str, Any]) -> User:
        """End a user's right to sign in; ``handover_to`` takes over the rows."""
        return users.deactivate_user(uow, user_id, **data)

    @command(dumps=schemas.UserSchema, needs="users:write")
    def reactivate_user(self, uow: UnitOfWork, user_id: UUID) -> User:
        """Give a deactivated user the right to sign in back."""
        return users.reactivate_user(uow, user_id)

    @command(
        loads=schemas.PasswordSchema,
        dumps=schemas.UserSchema,
        needs="users:write",
        prepares=passwords.prepare_set,
    )
    def set_password(self, uow: UnitOfWork, user_id: UUID, data: dict[str, Any], prepared: str) -> User:
        """Give a user a new password, by default to be changed at the next log-in."""
        return users.set_password(uow, user_id, prepared, must_change=data.get("must_change_password", True))

    # Groups

    @command(loads=schemas.GroupSchema, dumps=schemas.GroupSchema, needs="groups:write")
    def create_group(self, uow: UnitOfWork, data: dict[str, Any]) -> Group:
        """Create a group."""
        return groups.create_group(uow, **data)

    @query(dumps=schemas.GroupSchema, needs="groups:read")
    def get_group(self, uow: UnitOfWork, group_id: UUID) -> Group:
        """Read one group."""
        return uow.get(Group, group_id)

    @query(lists=schemas.GroupSchema, filters=lists.GROUP_FILTERS, needs="groups:read")
    def list_groups(self, uow: UnitOfWork, page: PageRequest) -> Page[Group]:
        """List groups."""
        return lists.groups(uow, page)

    @command(patches=schemas.GroupSchema, dumps=schemas.GroupSchema, needs="groups:write")
    def update_group(self, uow: UnitOfWork, group_id: UUID, data: dict[str, Any]) -> Group:
        """Change or move a group, or grant it other roles."""
        return groups.update_group(uow, group_id, **data)

    @command(needs="groups:write")
    def delete_group(self, uow: UnitOfWork, group_id: UUID) -> None:
        """Remove an empty group."""
        groups.delete_group(uow, group_id)

    @query(lists=schemas.UserSchema, filters=lists.USER_FILTERS, needs="groups:read")
    def list_members(self, uow: UnitOfWork, group_id: UUID, page: PageRequest) -> Page[User]:
        """List the users in a group, directly or in a group inside it."""
        return lists.members(uow, group_id, page)

    @command(loads=schemas.MemberSchema, dumps=schemas.UserSchema, needs="groups:write")
    def add_member(self, uow: UnitOfWork, group_id: UUID, data: dict[str, Any]) -> User:
        """Put a user into a group."""
        return groups.add_member(uow, group_id, **data)

    @command(needs="groups:write")
    def remove_member(self, uow: UnitOfWork, group_id: UUID, user_id: UUID) -> None:
        """Take a user out of a group."""
        groups.remove_member(uow, group_id, user_id)

    # Roles

    @command(loads=schemas.RoleSchema, dumps=schemas.RoleSchema, needs="roles:write")
    def create_role(self, uow: UnitOfWork, data: dict[str, Any]) -> Role:
        """Create a role."""
        return roles.create_role(uow, **data)

    @query(dumps=schemas.RoleSchema, needs="roles:read")
    def get_role(self, uow: UnitOfWork, role_id: UUID) -> Role:
        """Read one role."""
        return uow.get(Role, role_id)

    @query(lists=schemas.RoleSchema, filters=lists.ROLE_FILTERS, needs="roles:read")
    def list_roles(self, uow: UnitOfWork, page: PageRequest) -> Page[Role]:
        """List roles."""
        return lists.roles(uow, page)

    @command(patches=schemas.RoleSchema, dumps=schemas.RoleSchema, needs="roles:write")
    def update_role(self, uow: UnitOfWork, role_id: UUID, data: dict[str, Any]) -> Role:
        """Change a role; its holders may do more or less at once."""
        return roles.update_role(uow, role_id, **data)

    @command(needs="roles:write")
    def delete_role(self, uow: UnitOfWork, role_id: UUID) -> None:
        """Remove a role that nobody holds."""
        roles.delete_role(uow, role_id)

    @query(lists=schemas.PermissionSchema, filters=lists.WHOLE_LIST, needs="roles:read")
    def list_permissions(self, _uow: UnitOfWork, page: PageRequest) -> Page[dict[str, str]]:
        """List every permission that a role may give."""
        return lists.whole(catalogue.listed(), page)

    # Keys and sessions

    @command(loads=schemas.ApiKeySchema, dumps=schemas.IssuedApiKeySchema, needs="api-keys:write", secret=True)
    def create_api_key(self, uow: UnitOfWork, data: dict[str, Any]) -> ApiKey:
        """Make a token for a program; it is shown once."""
        return api_keys.create_api_key(uow, **data)

    @query(dumps=schemas.ApiKeySchema, needs="api-keys:read")
    def get_api_key(self, uow: UnitOfWork, key_id: UUID) -> ApiKey:
        """Read one key, without its token."""
        return uow.get(ApiKey, key_id)

    @query(lists=schemas.ApiKeySchema, filters=lists.API_KEY_FILTERS, needs="api-keys:read")
    def list_api_keys(self, uow: UnitOfWork, page: PageRequest) -> Page[ApiKey]:
        """List keys, without their tokens."""
        return lists.api_keys(uow, page)

    @command(needs="api-keys:write")
    def revoke_api_key(self, uow: UnitOfWork, key_id: UUID) -> None:
        """End a key for good."""
        api_keys.revoke_api_key(uow, key_id)

    @query(lists=schemas.SessionSchema, filters=lists.SESSION_FILTERS, needs="sessions:read")
    def list_sessions(self, uow: UnitOfWork, page: PageRequest) -> Page[Session]:
        """List sessions."""
        return lists.sessions(uow, page)

    @command(needs="sessions:write")
    def end_session(self, uow: UnitOfWork, session_id: UUID) -> None:
        """End a session."""
        sessions.end_session(uow, session_id)

    # Parameters

    @query(lists=schemas.ParameterSchema, filters=lists.WHOLE_LIST, needs="parameters:read")
    def list_parameters(self, uow: UnitOfWork, page: PageRequest) -> Page[parameter_queries.Setting]:
        """List all parameters with the values that hold."""
        return lists.whole(parameter_queries.settings(uow.session, uow.call.locale), page)

    @query(dumps=schemas.ParameterSchema, needs="parameters:read")
    def get_parameter(self, uow: UnitOfWork, key: str) -> parameter_queries.Setting:
        """Read one parameter."""
        return parameter_queries.setting(uow.session, key, uow.call.locale)

    @command(loads=schemas.ParameterValueSchema, dumps=schemas.ParameterSchema, needs="parameters:write")
    def set_parameter(self, uow: UnitOfWork, key: str, data: dict[str, Any]) -> parameter_queries.Setting:
        """Give a parameter a value, effective at once."""
        return parameters.set_parameter(uow, key, **data)

    @command(dumps=schemas.ParameterSchema, needs="parameters:write")
    def reset_parameter(self, uow: UnitOfWork, key: str) -> parameter_queries.Setting:
        """Give a parameter its default back."""
        return parameters.reset_parameter(uow, key)

    @query(lists=schemas.ParameterChangeSchema, filters=lists.PARAMETER_CHANGE_FILTERS, needs="parameters:read")
    def list_parameter_changes(self, uow: UnitOfWork, page: PageRequest) -> Page[Any]:
        """List who changed which parameter, when, from what to what."""
        return lists.parameter_changes(uow, page)

    # Custom fields

    @command(loads=schemas.FieldSchema, dumps=schemas.FieldSchema, needs="fields:write")
    def create_field(self, uow: UnitOfWork, data: dict[str, Any]) -> CustomField:
        """Add a field to a resource."""
        return fields.create_field(uow, **data)

    @query(dumps=schemas.FieldSchema, needs="fields:read")
    def get_field(self, uow: UnitOfWork, field_id: UUID) -> CustomField:
        """Read the definition of one field."""
        return uow.get(CustomField, field_id)

    @query(lists=schemas.FieldSchema, filters=lists.FIELD_FILTERS, needs="fields:read")
    def list_fields(self, uow: UnitOfWork, page: PageRequest) -> Page[CustomField]:
        """List the fields that this installation added."""
        return lists.custom_fields(uow, page)

    @command(patches=schemas.FieldSchema, dumps=schemas.FieldSchema, needs="fields:write")
    def update_field(self, uow: UnitOfWork, field_id: UUID, data: dict[str, Any]) -> CustomField:
        """Change a field's labels, options, default or obligation."""
        return fields.update_field(uow, field_id, **data)

    @command(dumps=schemas.FieldSchema, needs="fields:write")
    def retire_field(self, uow: UnitOfWork, field_id: UUID) -> CustomField:
        """Offer a field no longer; what was stored in it stays."""
        return fields.retire_field(uow, field_id)

    @command(dumps=schemas.FieldSchema, needs="fields:write")
    def restore_field(self, uow: UnitOfWork, field_id: UUID) -> CustomField:
        """Offer a retired field again."""
        return fields.restore_field(uow, field_id)

    @query(lists=schemas.AuditEntrySchema, filters=lists.AUDIT_FILTERS, needs="audit:read")
    def list_audit(self, uow: UnitOfWork, page: PageRequest) -> Page[AuditEntry]:
        """List the lines of the administrative log."""
        return lists.audit(uow, page)
