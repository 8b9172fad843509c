"""What the administration service refuses, and why."""

from chassis.errors import Conflict, Forbidden, Invalid, TooMany, Unauthenticated


class LogInFailed(Unauthenticated):
    """The user name or the password is not right."""

    slug = "log-in-failed"
    es = "El nombre de usuario o la contraseña no son correctos."


class LogInDelayed(TooMany):
    """Too many failed attempts; try again in {retry_after} seconds."""

    slug = "log-in-delayed"
    es = "Demasiados intentos fallidos; inténtelo de nuevo dentro de {retry_after} segundos."


class CredentialInvalid(Unauthenticated):
    """This session or token is unknown, has ended or has expired; sign in again."""

    slug = "credential-invalid"
    es = "Esta sesión o este token es desconocido, ha terminado o ha caducado; inicie sesión de nuevo."


class PasswordWrong(Forbidden):
    """The present password is not right."""

    slug = "password-wrong"
    es = "La contraseña actual no es correcta."


class PasswordRefused(Invalid):
    """The password does not meet the policy."""

    slug = "password-refused"
    es = "La contraseña no cumple la política."


class UsernameTaken(Conflict):
    """Another user already has this user name."""

    slug, constraint = "username-taken", "uq_users_username"
    es = "Otro usuario ya tiene este nombre de usuario."


class GroupNameTaken(Conflict):
    """Another group already has this name."""

    slug, constraint = "group-name-taken", "uq_groups_name"
    es = "Otro grupo ya tiene este nombre."


class RoleNameTaken(Conflict):
    """Another role already has this name."""

    slug, constraint = "role-name-taken", "uq_roles_name"
    es = "Otro rol ya tiene este nombre."


class FieldNameTaken(Conflict):
    """This resource already has a field with this name, perhaps a retired one."""

    slug, constraint = "field-name-taken", "uq_fields_on_resource_name"
    es = "Este recurso ya tiene un campo con este nombre, quizá uno retirado."


class UserIsDeactivated(Conflict):
    """The user {name} is deactivated; reactivate the user first."""

    slug = "user-is-deactivated"
    es = "El usuario {name} está desactivado; reactívelo primero."


class HandoverRefused(Invalid):
    """Rows can only be handed over to another, active user."""

    slug = "handover-refused"
    es = "Los registros solo se pueden entregar a otro usuario activo."


class LastAdministrator(Conflict):
    """This would leave nobody who administers users and roles."""

    slug = "last-administrator"
    es = "Con esto no quedaría nadie que administre usuarios y roles."


class CannotGrantMore(Forbidden):
    """You cannot hand over or take over what you may not do yourself: {missing}."""

    slug = "cannot-grant-more"
    es = "No puede conceder ni asumir lo que usted mismo no puede hacer: {missing}."


class GroupOutOfReach(Forbidden):
    """You may only use groups at or below your own."""

    slug = "group-out-of-reach"
    es = "Solo puede usar sus grupos y los que están por debajo."


class OnlyOwnProfile(Forbidden):
    """Your permission reaches your own profile; it does not reach groups, roles or the user name."""

    slug = "only-own-profile"
    es = "Su permiso alcanza su propio perfil; no alcanza los grupos, los roles ni el nombre de usuario."


class GroupCycle(Conflict):
    """A group cannot be inside itself or inside a group below it."""

    slug = "group-cycle"
    es = "Un grupo no puede estar dentro de sí mismo ni de un grupo que esté por debajo."


class GroupNotEmpty(Conflict):
    """The group still has members or groups inside; move them first."""

    slug = "group-not-empty"
    es = "El grupo aún tiene miembros o grupos dentro; muévalos antes."


class RoleInUse(Conflict):
    """The role is still granted to users or groups; take it away from them first."""

    slug = "role-in-use"
    es = "El rol aún está concedido a usuarios o grupos; retírelo antes."


class UnknownReference(Invalid):
    """Something that is referred to does not exist."""

    slug = "unknown-reference"
    es = "Algo a lo que se hace referencia no existe."


class UnknownPermission(Invalid):
    """A permission has the form resource:action:own|team|all and names a resource and an action that exist."""

    slug = "unknown-permission"
    es = "Un permiso tiene la forma recurso:acción:own|team|all y nombra un recurso y una acción que existen."


class ScopesBeyondOwner(Forbidden):
    """A key cannot do more than its owner: {missing}."""

    slug = "scopes-beyond-owner"
    es = "Una clave no puede hacer más que su dueño: {missing}."


class ExpiryInThePast(Invalid):
    """The expiry lies in the past."""

    slug = "expiry-in-the-past"
    es = "La caducidad ya ha pasado."


class NeedsASession(Forbidden):
    """This needs somebody who is signed in; a key cannot do it."""

    slug = "needs-a-session"
    es = "Esto lo hace una persona que ha iniciado sesión; una clave no puede."


class ParameterInvalid(Invalid):
    """The value does not fit the parameter {key}."""

    slug = "parameter-invalid"
    es = "El valor no encaja en el parámetro {key}."


class FieldDefinitionInvalid(Invalid):
    """The definition of the field does not make sense."""

    slug = "field-definition-invalid"
    es = "La definición del campo no tiene sentido."


class AdministratorExists(Conflict):
    """Somebody administers this installation already."""

    slug = "administrator-exists"
    es = "Esta instalación ya tiene quien la administre."
