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


class DaysEndBeforeTheyStart(Invalid):
    """The exceptional days from {starts_on} to {ends_on} end before they start."""

    slug = "days-end-before-they-start"
    es = "Los días excepcionales del {starts_on} al {ends_on} terminan antes de empezar."


class NameIsTaken(Conflict):
    """There is already one called {name} here."""

    slug = "cases-name-is-taken"
    es = "Aquí ya existe uno llamado «{name}»."


class CalendarIsAnothers(Conflict):
    """The calendar {name} is that of one of these companies or areas already; take it out there first."""

    slug = "calendar-is-anothers"
    es = "El calendario «{name}» ya es el de una de estas empresas o áreas; quítela antes de allí."


class StateIsInUse(Conflict):
    """Cases are in the state {name}, which you take out of the workflow; move them on first."""

    slug = "state-is-in-use"
    es = "Hay casos en el estado «{name}», que usted quita del flujo; muévalos antes."


class StillUsed(Conflict):
    """It is still used by {users}; name another one there first."""

    slug = "cases-still-used"
    es = "Todavía lo usan {users}; indique antes otro en su lugar."


class AreaHasItsRule(Conflict):
    """This area already has a rule about reopening; change that one."""

    slug = "area-has-its-rule"
    es = "Esta área ya tiene una regla de reapertura; cambie esa."


class UnknownReference(Invalid):
    """{field} names nothing that exists and may be used."""

    slug = "cases-unknown-reference"
    es = "{field} no nombra nada que exista y pueda usarse."

    def __init__(self, field: str, **params: object) -> None:
        super().__init__(field=field, **params)


class DefaultPolicyStays(Conflict):
    """There is always one default policy and it is active; make another one the default instead."""

    slug = "default-policy-stays"
    es = "Siempre hay una política predeterminada y está activa; en su lugar, haga predeterminada otra."


class DefaultPolicyIsIncomplete(Invalid):
    """The default policy needs a first response and a resolution for each priority; {priority} lacks one."""

    slug = "default-policy-is-incomplete"
    es = "La política predeterminada necesita primera respuesta y resolución para cada prioridad; falta en {priority}."


class ResponseLaterThanResolution(Invalid):
    """At priority {priority} the first response may take longer than the resolution."""

    slug = "response-later-than-resolution"
    es = "Con prioridad {priority} la primera respuesta puede tardar más que la resolución."


class PriorityIsNamedTwice(Invalid):
    """Each priority has one target."""

    slug = "priority-is-named-twice"
    es = "Cada prioridad tiene un único objetivo."


class LevelSaysNotWhen(Invalid):
    """Level {level} fires at a percentage or after minutes; say exactly one of both."""

    slug = "level-says-not-when"
    es = "El nivel {level} se dispara en un porcentaje o tras unos minutos; indique exactamente uno de los dos."


class LevelIsNamedTwice(Invalid):
    """A metric has each level of escalation once; {metric} has level {level} twice."""

    slug = "level-is-named-twice"
    es = "Cada métrica tiene cada nivel de escalado una sola vez; {metric} tiene dos veces el nivel {level}."


class DefaultCalendarStays(Conflict):
    """The default calendar is needed; make another one the default first."""

    slug = "default-calendar-stays"
    es = "El calendario predeterminado es necesario; haga antes predeterminado otro."


class WorkflowIsIncomplete(Invalid):
    """The workflow's {what} make no sense together.

    Keys are unique, the initial state is open, transitions join states, one state is resolved and one closed.
    """

    slug = "workflow-is-incomplete"
    es = "En el flujo, {what} no tiene sentido en conjunto."


class TypeIsItsOwnAncestor(Invalid):
    """A type cannot lie below itself."""

    slug = "type-is-its-own-ancestor"
    es = "Un tipo no puede estar por debajo de sí mismo."


class TreeIsTooDeep(Invalid):
    """The tree of types has at most {most} levels."""

    slug = "tree-is-too-deep"
    es = "El árbol de tipos tiene como máximo {most} niveles."


class TypeIsNotALeaf(Invalid):
    """{name} has types below it; choose one of those."""

    slug = "type-is-not-a-leaf"
    es = "«{name}» tiene tipos por debajo; elija uno de ellos."


class TypeIsSwitchedOff(Conflict):
    """{name} is switched off and takes no new cases."""

    slug = "type-is-switched-off"
    es = "«{name}» está desactivado y no admite casos nuevos."


class TaskIsNotOpen(Conflict):
    """The task is {state} already."""

    slug = "task-is-not-open"
    es = "La tarea ya está en estado «{state}»."


class NoWorkflowYet(Conflict):
    """There is no workflow; add one before the first case."""

    slug = "no-workflow-yet"
    es = "No hay ningún flujo de trabajo; añada uno antes del primer caso."


class TransitionImpossible(Conflict):
    """From the state {name} no transition {transition} leads on; possible are: {possible}."""

    slug = "transition-impossible"
    es = "Desde el estado «{name}» no parte la transición {transition}; son posibles: {possible}."


class PeriodIsEmpty(Invalid):
    """The period from {since} to {until} ends before it begins."""

    slug = "period-is-empty"
    es = "El período de {since} a {until} termina antes de empezar."


class PreconditionsUnmet(Conflict):
    """This transition asks for more first; see what is unmet."""

    slug = "preconditions-unmet"
    es = "Esta transición exige algo más antes; vea qué falta."


class SurveyHasExpired(Conflict):
    """The link of this survey has expired."""

    slug = "survey-has-expired"
    es = "El enlace de esta encuesta ha caducado."


class SurveyIsNotDue(Conflict):
    """Only a resolved case is asked about, at most twice."""

    slug = "survey-is-not-due"
    es = "Solo se pregunta por un caso resuelto, como máximo dos veces."


class ProjectIsInAnotherState(Conflict):
    """The project is {state}."""

    slug = "project-is-in-another-state"
    es = "El proyecto está en estado «{state}»."


class TasksAreOpen(Conflict):
    """Required tasks are still open: {tasks}."""

    slug = "tasks-are-open"
    es = "Quedan tareas obligatorias abiertas: {tasks}."


class EndsBeforeItStarts(Invalid):
    """The project would end before it starts."""

    slug = "project-ends-before-it-starts"
    es = "El proyecto terminaría antes de empezar."


class OpportunityHasItsProject(Conflict):
    """This opportunity has its project already: {name}."""

    slug = "opportunity-has-its-project"
    es = "Esta oportunidad ya tiene su proyecto: {name}."


class DefaultPlanStays(Conflict):
    """There is always one default plan and it is active; make another one the default instead."""

    slug = "default-plan-stays"
    es = "Siempre hay un plan predeterminado y está activo; en su lugar, haga predeterminado otro."


class CaseIsMerged(Conflict):
    """The case {number} was merged into another one; go on there."""

    slug = "case-is-merged"
    es = "El caso {number} se fusionó con otro; continúe en aquel."


class CaseIntoItself(Invalid):
    """A case cannot be merged into itself."""

    slug = "case-into-itself"
    es = "Un caso no puede fusionarse consigo mismo."


class SurvivorIsOver(Conflict):
    """The case {number} is solved and the other one is not; reopen it first."""

    slug = "survivor-is-over"
    es = "El caso {number} está resuelto y el otro no; reábralo antes."
