"""The public HTTP API at a glance: one line for each endpoint.

``rpc`` names the operation that answers. ``gateway.…`` is answered here, by composing what services say.
"""

from dataclasses import dataclass
from typing import Literal

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Route:
    """``POST /v1/deals`` is answered by ``sales.open_deal``.

    ``anonymous`` routes take callers without a credential. ``bulk`` routes take larger bodies. ``located`` is
    where what was created lives, when that is not the path followed by the id. ``seconds`` replaces the time
    that the operation may take.
    """

    method: Method
    path: str
    rpc: str
    status: int = 200
    anonymous: bool = False
    bulk: bool = False
    located: str | None = None
    seconds: float | None = None


def get(path: str, rpc: str, **more: object) -> Route:
    return Route("GET", path, rpc, **more)  # type: ignore[arg-type]


def post(path: str, rpc: str, status: int = 200, **more: object) -> Route:
    return Route("POST", path, rpc, status, **more)  # type: ignore[arg-type]


def create(path: str, rpc: str, **more: object) -> Route:
    return Route("POST", path, rpc, 201, **more)  # type: ignore[arg-type]


def put(path: str, rpc: str) -> Route:
    return Route("PUT", path, rpc)


def patch(path: str, rpc: str) -> Route:
    return Route("PATCH", path, rpc)


def delete(path: str, rpc: str) -> Route:
    return Route("DELETE", path, rpc, 204)


_SESSION = (
    create("/v1/session", "gateway.log_in", anonymous=True),
    get("/v1/session", "gateway.who_am_i"),
    delete("/v1/session", "gateway.log_out"),
    patch("/v1/session", "administration.update_profile"),
    post("/v1/session/password", "administration.change_own_password"),
    create("/v1/session/token", "gateway.token"),
)

_CONTACTS = (
    create("/v1/people", "contacts.create_person"),
    get("/v1/people", "contacts.list_people"),
    post("/v1/people/search", "contacts.search_people"),
    post("/v1/people/bulk", "contacts.bulk_create_people", bulk=True, seconds=60),
    get("/v1/people/{id}", "contacts.get_person"),
    patch("/v1/people/{id}", "contacts.update_person"),
    delete("/v1/people/{id}", "contacts.delete_person"),
    post("/v1/people/{id}/restore", "contacts.restore_person"),
    get("/v1/people/{id}/timeline", "contacts.list_person_timeline"),
    get("/v1/people/{id}/history", "contacts.person_history"),
    get("/v1/people/{id}/duplicates", "contacts.list_person_duplicates"),
    get("/v1/people/{id}/relations", "contacts.list_person_relations"),
    create("/v1/people/{id}/relations", "contacts.add_person_relation", located="/v1/relations"),
    get("/v1/people/{id}/interests", "contacts.list_person_interests"),
    put("/v1/people/{id}/interests/{interest_id}", "contacts.set_person_interest"),
    delete("/v1/people/{id}/interests/{interest_id}", "contacts.remove_person_interest"),
    create("/v1/companies", "contacts.create_company"),
    get("/v1/companies", "contacts.list_companies"),
    post("/v1/companies/search", "contacts.search_companies"),
    post("/v1/companies/bulk", "contacts.bulk_create_companies", bulk=True, seconds=60),
    get("/v1/companies/{id}", "contacts.get_company"),
    patch("/v1/companies/{id}", "contacts.update_company"),
    delete("/v1/companies/{id}", "contacts.delete_company"),
    post("/v1/companies/{id}/restore", "contacts.restore_company"),
    get("/v1/companies/{id}/timeline", "contacts.list_company_timeline"),
    get("/v1/companies/{id}/history", "contacts.company_history"),
    get("/v1/companies/{id}/duplicates", "contacts.list_company_duplicates"),
    get("/v1/companies/{id}/relations", "contacts.list_company_relations"),
    create("/v1/companies/{id}/relations", "contacts.add_company_relation", located="/v1/relations"),
    get("/v1/companies/{id}/interests", "contacts.list_company_interests"),
    put("/v1/companies/{id}/interests/{interest_id}", "contacts.set_company_interest"),
    delete("/v1/companies/{id}/interests/{interest_id}", "contacts.remove_company_interest"),
    post("/v1/relations/{id}/end", "contacts.end_relation"),
    create("/v1/relation-types", "contacts.create_relation_type"),
    get("/v1/relation-types", "contacts.list_relation_types"),
    get("/v1/relation-types/{id}", "contacts.get_relation_type"),
    patch("/v1/relation-types/{id}", "contacts.update_relation_type"),
    delete("/v1/relation-types/{id}", "contacts.delete_relation_type"),
    create("/v1/interests", "contacts.create_interest"),
    get("/v1/interests", "contacts.list_interests"),
    get("/v1/interests/{id}", "contacts.get_interest"),
    patch("/v1/interests/{id}", "contacts.update_interest"),
    delete("/v1/interests/{id}", "contacts.delete_interest"),
    create("/v1/link-kinds", "contacts.create_link_kind"),
    get("/v1/link-kinds", "contacts.list_link_kinds"),
    get("/v1/link-kinds/{id}", "contacts.get_link_kind"),
    patch("/v1/link-kinds/{id}", "contacts.update_link_kind"),
    create("/v1/branches", "contacts.create_branch"),
    get("/v1/branches", "contacts.list_branches"),
    get("/v1/branches/{id}", "contacts.get_branch"),
    patch("/v1/branches/{id}", "contacts.update_branch"),
    delete("/v1/branches/{id}", "contacts.delete_branch"),
    post("/v1/duplicates/dismiss", "contacts.dismiss_duplicates", 204),
    create("/v1/interactions", "contacts.create_interaction"),
    get("/v1/interactions", "contacts.list_interactions"),
    post("/v1/interactions/search", "contacts.search_interactions"),
    post("/v1/interactions/bulk", "contacts.bulk_create_interactions", bulk=True, seconds=60),
    get("/v1/interactions/{id}", "contacts.get_interaction"),
    patch("/v1/interactions/{id}", "contacts.update_interaction"),
    create("/v1/employments", "contacts.create_employment"),
    get("/v1/employments", "contacts.list_employments"),
    get("/v1/employments/{id}", "contacts.get_employment"),
    patch("/v1/employments/{id}", "contacts.update_employment"),
    post("/v1/employments/{id}/end", "contacts.end_employment"),
)

_ADMINISTRATION = (
    create("/v1/users", "administration.create_user"),
    get("/v1/users", "administration.list_users"),
    get("/v1/users/{id}", "administration.get_user"),
    patch("/v1/users/{id}", "administration.update_user"),
    post("/v1/users/{id}/deactivate", "administration.deactivate_user"),
    post("/v1/users/{id}/reactivate", "administration.reactivate_user"),
    post("/v1/users/{id}/password", "administration.set_password"),
    create("/v1/groups", "administration.create_group"),
    get("/v1/groups", "administration.list_groups"),
    get("/v1/groups/{id}", "administration.get_group"),
    patch("/v1/groups/{id}", "administration.update_group"),
    delete("/v1/groups/{id}", "administration.delete_group"),
    get("/v1/groups/{id}/members", "administration.list_members"),
    create("/v1/groups/{id}/members", "administration.add_member"),
    delete("/v1/groups/{id}/members/{user_id}", "administration.remove_member"),
    create("/v1/roles", "administration.create_role"),
    get("/v1/roles", "administration.list_roles"),
    get("/v1/roles/{id}", "administration.get_role"),
    patch("/v1/roles/{id}", "administration.update_role"),
    delete("/v1/roles/{id}", "administration.delete_role"),
    get("/v1/permissions", "administration.list_permissions"),
    create("/v1/api-keys", "administration.create_api_key"),
    get("/v1/api-keys", "administration.list_api_keys"),
    get("/v1/api-keys/{id}", "administration.get_api_key"),
    delete("/v1/api-keys/{id}", "administration.revoke_api_key"),
    get("/v1/sessions", "administration.list_sessions"),
    delete("/v1/sessions/{id}", "administration.end_session"),
    get("/v1/parameters", "administration.list_parameters"),
    get("/v1/parameters/changes", "administration.list_parameter_changes"),
    get("/v1/parameters/{key}", "administration.get_parameter"),
    put("/v1/parameters/{key}", "administration.set_parameter"),
    post("/v1/parameters/{key}/reset", "administration.reset_parameter"),
    create("/v1/fields", "administration.create_field"),
    get("/v1/fields", "administration.list_fields"),
    get("/v1/fields/{id}", "administration.get_field"),
    patch("/v1/fields/{id}", "administration.update_field"),
    post("/v1/fields/{id}/retire", "administration.retire_field"),
    post("/v1/fields/{id}/restore", "administration.restore_field"),
    get("/v1/audit", "administration.list_audit"),
)

_NOTIFICATIONS = (
    create("/v1/templates", "notifications.create_template"),
    get("/v1/templates", "notifications.list_templates"),
    get("/v1/templates/{id}", "notifications.get_template"),
    patch("/v1/templates/{id}", "notifications.update_template"),
    delete("/v1/templates/{id}", "notifications.delete_template"),
    post("/v1/templates/{id}/preview", "notifications.preview_template"),
    post("/v1/templates/{id}/test", "notifications.test_template", 202),
    create("/v1/messages", "notifications.send_message"),
    get("/v1/messages", "notifications.list_messages"),
    get("/v1/messages/unread", "notifications.count_unread_messages"),
    post("/v1/messages/read", "notifications.read_all_messages"),
    get("/v1/messages/{id}", "notifications.get_message"),
    post("/v1/messages/{id}/read", "notifications.read_message"),
    create("/v1/notification-rules", "notifications.create_notification_rule"),
    get("/v1/notification-rules", "notifications.list_notification_rules"),
    get("/v1/notification-rules/{id}", "notifications.get_notification_rule"),
    patch("/v1/notification-rules/{id}", "notifications.update_notification_rule"),
    delete("/v1/notification-rules/{id}", "notifications.delete_notification_rule"),
    get("/v1/preferences", "notifications.list_preferences"),
    put("/v1/preferences/{channel}/{topic}", "notifications.set_preference"),
    create("/v1/mailboxes", "notifications.create_mailbox"),
    get("/v1/mailboxes", "notifications.list_mailboxes"),
    get("/v1/mailboxes/{id}", "notifications.get_mailbox"),
    patch("/v1/mailboxes/{id}", "notifications.update_mailbox"),
    delete("/v1/mailboxes/{id}", "notifications.delete_mailbox"),
    get("/v1/inbox", "notifications.list_inbox"),
    get("/v1/inbox/{id}", "notifications.get_inbox_item"),
    post("/v1/inbox/{id}/assign", "notifications.assign_inbox_item"),
    post("/v1/inbox/{id}/dismiss", "notifications.dismiss_inbox_item"),
    create("/v1/webhooks", "notifications.create_webhook"),
    get("/v1/webhooks", "notifications.list_webhooks"),
    get("/v1/webhooks/{id}", "notifications.get_webhook"),
    patch("/v1/webhooks/{id}", "notifications.update_webhook"),
    delete("/v1/webhooks/{id}", "notifications.delete_webhook"),
    post("/v1/webhooks/{id}/secret", "notifications.replace_webhook_secret"),
    post("/v1/webhooks/{id}/enable", "notifications.enable_webhook"),
    post("/v1/webhooks/{id}/disable", "notifications.disable_webhook"),
    get("/v1/webhooks/{id}/deliveries", "notifications.list_webhook_deliveries"),
    get("/v1/webhooks/{id}/deliveries/{delivery_id}", "notifications.get_webhook_delivery"),
    post("/v1/webhooks/{id}/redeliver", "notifications.redeliver_webhook", 202),
    get("/v1/events", "notifications.list_events"),
)

_COMPOSED = (
    get("/v1/customers/{id}", "gateway.customer"),
    get("/v1/search", "gateway.search"),
    get("/v1/jobs/{id}", "gateway.job"),
    post("/v1/jobs/{id}/cancel", "gateway.cancel_job"),
    post("/v1/exports", "gateway.export", 202),
    get("/v1/files/{token}", "gateway.file", anonymous=True),
    get("/v1/live", "gateway.live"),
)

_DESCRIPTIONS = (
    get("/v1/openapi.json", "gateway.openapi", anonymous=True),
    get("/v1/asyncapi.json", "gateway.asyncapi", anonymous=True),
    get("/v1/events/{type}", "gateway.event_schema", anonymous=True),
)

ROUTES: tuple[Route, ...] = (*_SESSION, *_CONTACTS, *_ADMINISTRATION, *_NOTIFICATIONS, *_COMPOSED, *_DESCRIPTIONS)
