"""Server-sent events: one thread serves every listener. What may be heard is decided in ``listener``."""
