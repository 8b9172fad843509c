"""The public shapes of this service. Derived: a field is written in its model only."""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from chassis.field_kinds import SlugField, TextField
from chassis.field_kinds_exact import FlagField, IdField, InstantField, WholeField
from chassis.field_kinds_nested import DocumentField, ListField, SetField
from chassis.fields import Id
from chassis.schema import StrictSchema, schema_for
from services.administration.domain.api_key import MOST_SCOPES, ApiKey
from services.administration.domain.audit_entry import AuditEntry
from services.administration.domain.custom_field import CustomField
from services.administration.domain.group import Group
from services.administration.domain.input_fields import JsonField, PasswordField
from services.administration.domain.parameter import ParameterChange
from services.administration.domain.role import Role
from services.administration.domain.session import Session
from services.administration.domain.user import User
from services.administration.domain.username import UsernameField

_MOST_IDS: Final = 500


def _ids() -> SetField:
    return SetField(IdField(), most=_MOST_IDS)


def _user_schema(name: str, **more: Any) -> type[Schema]:
    return schema_for(
        User,
        name=name,
        exclude=["owner_id"],
        username=UsernameField(required=True, least=2, most=64),
        group_id=IdField(allow_none=True),
        group_ids=_ids(),
        role_ids=_ids(),
        **more,
    )


UserSchema = _user_schema("UserSchema")
NewUserSchema = _user_schema("NewUserSchema", password=PasswordField(allow_none=True))
GroupSchema = schema_for(Group, role_ids=_ids())
RoleSchema = schema_for(Role)
SessionSchema = schema_for(Session, exclude=["owner_id", "group_id"])


def _api_key_schema(name: str, **more: Any) -> type[Schema]:
    scopes = ListField(TextField(least=1, most=255), most=MOST_SCOPES, required=True)
    return schema_for(ApiKey, name=name, exclude=["group_id"], owner_id=Id, scopes=scopes, **more)


ApiKeySchema = _api_key_schema("ApiKeySchema")
IssuedApiKeySchema = _api_key_schema("IssuedApiKeySchema", token=TextField(dump_only=True))
FieldSchema = schema_for(
    CustomField,
    name="FieldSchema",
    exclude=["on_resource"],
    resource=SlugField(attribute="on_resource", required=True, least=1, most=64),
    default=JsonField(allow_none=True),
)
AuditEntrySchema = schema_for(AuditEntry, changes=DocumentField(dump_only=True))
ParameterChangeSchema = schema_for(
    ParameterChange,
    exclude=["id"],
    old=JsonField(dump_only=True, allow_none=True),
    new=JsonField(dump_only=True, allow_none=True),
)


class ProfileSchema(StrictSchema):
    """What everybody may change of the own user."""

    name = UserSchema._declared_fields["name"]  # noqa: SLF001 - the same field, not a copy of its rules
    email = UserSchema._declared_fields["email"]  # noqa: SLF001
    locale = UserSchema._declared_fields["locale"]  # noqa: SLF001
    time_zone = UserSchema._declared_fields["time_zone"]  # noqa: SLF001


class DeactivationSchema(StrictSchema):
    """Who takes over the rows of a user who leaves."""

    handover_to = IdField(allow_none=True)


class PasswordSchema(StrictSchema):
    """A new password that somebody gives to a user."""

    password = PasswordField(required=True)
    must_change_password = FlagField()


class OwnPasswordSchema(StrictSchema):
    """The present password and the new one."""

    password = PasswordField(required=True)
    new_password = PasswordField(required=True)


class MemberSchema(StrictSchema):
    """Who joins a group."""

    user_id = IdField(required=True)


class LogInSchema(StrictSchema):
    """What somebody logs in with; ``ip`` and ``user_agent`` are added by the gateway."""

    username = TextField(required=True, least=1, most=255)
    password = PasswordField(required=True)
    ip = TextField(allow_none=True, most=64)
    user_agent = TextField(allow_none=True, most=1_000)


class SignedInSchema(StrictSchema):
    """A session just opened; ``secret`` stays with the gateway."""

    id = IdField()
    user = fields.Nested(UserSchema)
    secret = TextField()
    csrf_token = TextField()
    expires_at = InstantField()
    must_change_password = FlagField()


class CredentialSchema(StrictSchema):
    """A credential to be identified, by the hash of its secret."""

    kind = fields.String(required=True, validate=validate.OneOf(["session", "api_key"]))
    secret_hash = TextField(required=True, least=64, most=64)


class WhoAmISchema(StrictSchema):
    """The caller: the user, and what may be done now with this credential."""

    user = fields.Nested(UserSchema)
    kind = TextField()
    permissions = DocumentField()
    groups = ListField(IdField(), most=_MOST_IDS)
    teams = ListField(IdField(), most=_MOST_IDS)
    key_id = IdField(allow_none=True)
    session_id = IdField(allow_none=True)


class ParameterValueSchema(StrictSchema):
    """The new value of a parameter, of the parameter's kind."""

    value = JsonField(required=True, allow_none=False)


class ParameterSchema(StrictSchema):
    """A parameter: what it is, and the value that holds."""

    key = TextField()
    kind = TextField()
    value = JsonField(allow_none=True)
    default = JsonField(allow_none=True)
    is_default = FlagField()
    description = TextField()
    options = ListField(TextField(), most=_MOST_IDS)
    minimum = WholeField(allow_none=True)
    maximum = WholeField(allow_none=True)
    version = WholeField()
    updated_at = InstantField(allow_none=True)


class PermissionSchema(StrictSchema):
    """A permission that roles may give, for each of the reaches own, team and all."""

    name = TextField()
    resource = TextField()
    action = TextField()
