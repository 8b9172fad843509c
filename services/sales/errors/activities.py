"""What is refused about activities."""

from chassis.errors import Conflict, Invalid


class ActivityIsOver(Conflict):
    """The activity is {state} already."""

    slug = "activity-is-over"
    es = "La actividad ya está en estado «{state}»."


class DoneInTheFuture(Invalid):
    """What was done lies behind; {done_at} lies ahead."""

    slug = "done-in-the-future"
    es = "Lo hecho queda atrás; {done_at} está por venir."
