"""What a handler raises when trying again is of no use."""


class Permanent(Exception):
    """The event is parked at once, with this sentence, and not tried again."""
