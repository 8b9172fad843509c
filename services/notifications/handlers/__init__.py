"""What notifications does when something is told, or is due. The runner finds here what it runs."""

from services.notifications.handlers.webhooks import deliver_webhooks, forget_old_deliveries, publish

__all__ = ["deliver_webhooks", "forget_old_deliveries", "publish"]
