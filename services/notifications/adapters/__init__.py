"""Where this service meets the outside world: receivers of webhooks, mail servers."""
