import pytest
import sqlalchemy as sa

from services.notifications.domain.template import Template
from tests.integration.notifications.test_mails_out import case_replied


def template_data(**overrides):
    return {
        "slug": "welcome",
        "name": "Welcome",
        "subject": {"es": "Hola, {{ person.name }}", "en": "Hello, {{ person.name }}"},
        "text": {"es": "Bienvenido, {{person.name}}.", "en": "Welcome, {{person.name}}."},
        "html": {"es": "<p>Bienvenido, {{ person.name }}.</p>", "en": "<p>Welcome, {{ person.name }}.</p>"},
        "sample": {"person": {"name": "Ana"}},
        **overrides,
    }


@pytest.fixture
def template(notifications):
    return notifications.ask("create_template", data=template_data()).body


def test_a_template_is_shown_with_its_sample_data_in_either_language(notifications, template):
    shown = notifications.ask("preview_template", template["id"], data={}).body
    assert (shown["subject"], shown["text"]) == ("Hello, Ana", "Welcome, Ana.")
    spanish = notifications.ask("preview_template", template["id"], data={"locale": "es"}).body
    assert (spanish["subject"], spanish["html"]) == ("Hola, Ana", "<p>Bienvenido, Ana.</p>")


def test_a_template_is_shown_with_a_record_and_what_the_record_lacks_is_named(notifications):
    text = {
        "es": "{{ reply.text }} ({{ case.number }})",
        "en": "{{ reply.text }} ({{ case.number }}, {{ case.site.city }})",
    }
    sample = {"case": {"number": "1", "site": {"city": "Soria"}}, "reply": {"text": "Done."}, "person": {"name": "Ana"}}
    data = template_data(text=text, html=None, sample=sample)
    template = notifications.ask("create_template", data=data).body
    assert notifications.ask("preview_template", template["id"], data={}).body["from_sample"] == [
        "case.number", "case.site.city", "person.name", "reply.text",
    ]  # fmt: skip

    record = {"case": {"number": "2026-000007", "site": {"zip": "42001"}}, "person": {"name": None}}
    shown = notifications.ask("preview_template", template["id"], data={"record": record}).body

    assert (shown["subject"], shown["text"]) == ("Hello,", "Done. (2026-000007, Soria)")
    assert shown["from_sample"] == ["case.site.city", "reply.text"]
    spanish = notifications.ask("preview_template", template["id"], data={"record": record, "locale": "es"}).body
    assert spanish["from_sample"] == ["reply.text"]
    own = {"record": record, "values": {"person": {"name": "Eva"}, "reply": {"text": "Ya."}}}
    both = notifications.ask("preview_template", template["id"], data=own).body
    assert (both["subject"], both["text"]) == ("Hello, Eva", "Ya. (2026-000007, Soria)")


def test_values_without_a_record_stand_alone(notifications, template):
    refusal = notifications.refused("preview_template", template["id"], data={"values": {"person": {}}})
    assert (refusal.slug, refusal.params["name"]) == ("unknown-placeholder", "person.name")


def test_a_template_is_not_shown_with_what_is_no_record(notifications, template):
    refusal = notifications.refused("preview_template", template["id"], data={"about": "unicorns/7"})
    assert (refusal.status, refusal.slug) == (422, "not-a-record")


def test_a_template_is_tried_out_with_a_record(notifications, template, mail_server):
    data = {"to": "eva@trato.example", "locale": "es", "record": {"person": {"name": "Luis"}}}
    notifications.ask("test_template", template["id"], data=data)
    notifications.work()
    assert mail_server.mails[0][1]["Subject"] == "Hola, Luis"


def test_values_are_escaped_in_markup_and_a_subject_stays_one_line(notifications, template):
    values = {"person": {"name": "<b>Ana</b>\nBcc: all@example.com"}}
    shown = notifications.ask("preview_template", template["id"], data={"values": values}).body
    assert shown["html"].startswith("<p>Welcome, &lt;b&gt;Ana&lt;/b&gt;")
    assert shown["subject"] == "Hello, <b>Ana</b> Bcc: all@example.com"


@pytest.mark.parametrize(
    ("change", "slug", "named"),
    [
        ({"text": {"es": "{{ person.nme }}", "en": "x"}}, "unknown-placeholder", "person.nme"),
        ({"html": {"es": "x", "en": "{{ case.number }}"}}, "unknown-placeholder", "case.number"),
        ({"subject": {"es": "{{ person }}", "en": "x"}}, "unknown-placeholder", "person"),
        ({"text": {"es": "{{ Person.Name }}", "en": "x"}}, "broken-placeholder", "{{ Person.Name }}"),
        ({"text": {"es": "{{ person.name ", "en": "x"}}, "broken-placeholder", "{{ person.name"),
    ],
)
def test_a_placeholder_that_stands_for_nothing_is_refused_by_name(notifications, change, slug, named):
    refusal = notifications.refused("create_template", data=template_data(**change))
    assert (refusal.status, refusal.slug) == (422, slug)
    assert named in refusal.detail
    assert named in notifications.refused("create_template", data=template_data(**change), locale="es").detail


def test_a_changed_template_is_checked_too(notifications, template):
    change, version = {"text": {"es": "{{ wrong }}"}}, template["version"]
    refusal = notifications.refused("update_template", template["id"], data=change, version=version)
    assert refusal.slug == "unknown-placeholder"
    better = notifications.ask("update_template", template["id"], data={"name": "Hello"}, version=version).body
    assert better["name"] == "Hello"


def test_a_name_is_given_once(notifications, template):
    assert notifications.refused("create_template", data=template_data()).slug == "template-exists"


def test_values_that_lack_something_are_refused_before_anything_is_sent(notifications, template):
    data = {"to": ["ana@acme.example"], "template_id": template["id"], "values": {"person": {}}}
    assert notifications.refused("send_message", data=data).slug == "unknown-placeholder"
    assert notifications.told() == []


def test_what_was_sent_with_a_template_outlives_it(notifications, template):
    data = {"to": ["ana@acme.example"], "template_id": template["id"], "values": {"person": {"name": "Ana"}}}
    message = notifications.ask("send_message", data=data).body
    notifications.ask("delete_template", template["id"])
    assert notifications.ask("get_message", message["id"]).body["subject"] == "Hello, Ana"


def test_a_template_is_tried_out_by_a_mail_to_oneself(notifications, template, mail_server):
    data = {"to": "eva@trato.example", "locale": "es"}
    message = notifications.ask("test_template", template["id"], data=data).body
    notifications.work()
    [(envelope, got)] = mail_server.mails
    assert (envelope["to"], got["Subject"]) == (["eva@trato.example"], "Hola, Ana")
    assert notifications.ask("get_message", message["id"]).body["state"] == "sent"


@pytest.mark.parametrize("slug", ["case-reply", "survey", "mail-too-large"])
def test_a_template_for_words_of_ours_says_only_what_there_will_be(notifications, slug):
    refusal = notifications.refused("create_template", data=template_data(slug=slug))
    assert (refusal.slug, "person.name" in refusal.detail) == ("unknown-placeholder", True)


def test_a_template_from_before_that_asks_for_more_keeps_no_answer_from_going(notifications, template, mail_server):
    with notifications.database.write() as session:
        session.execute(sa.update(Template).values(slug="case-reply"))
    notifications.deliver(case_replied())
    notifications.work()
    assert "Se la enviamos de nuevo." in mail_server.mails[0][1].get_content()
