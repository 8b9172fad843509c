from tools.demo.templates import load_templates


class Asked:
    """Brings the demo data's questions to the service at hand."""

    def __init__(self, service):
        self.service = service

    def ask_all(self, calls):
        for call in calls:
            operation = call.operation.removeprefix("notifications.")
            yield self.service.ask(operation, *call.ids, data=call.data, params=call.params or None, by=call.by).body


def test_the_demo_templates_are_written_once_and_show_their_samples(notifications):
    asker = Asked(notifications)
    assert load_templates(asker) == 2
    assert load_templates(asker) == 0
    for template in notifications.ask("list_templates").body["items"]:
        shown = notifications.ask("preview_template", template["id"], data={}).body
        assert "{{" not in shown["subject"] + shown["text"]
