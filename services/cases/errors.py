"""What the cases service refuses, and why."""

from chassis.errors import Conflict, Invalid


class CalendarNeverOpens(Invalid):
    """The calendar never opens: no working time within 366 days."""

    slug = "calendar-never-opens"
    es = "El calendario no abre nunca: no hay tiempo laborable en 366 días."


class WindowEndsBeforeItStarts(Invalid):
    """The window {opens}–{closes} of {day} ends before it starts; write one that crosses midnight as two."""

    slug = "window-ends-before-it-starts"
    es = "La franja {opens}–{closes} de {day} termina antes de empezar; si cruza la medianoche escríbala como dos."


class WindowsOverlap(Invalid):
    """The windows of {day} overlap."""

    slug = "windows-overlap"
    es = "Las franjas de {day} se solapan."


class ClockIsNotRunning(Conflict):
    """The clock is {state}; this cannot happen to it."""

    slug = "clock-is-not-running"
    es = "El reloj está en estado {state}; esto no le puede ocurrir."
