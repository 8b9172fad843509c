"""What is refused about pipelines and the reasons for which things end."""

from chassis.errors import Conflict, Invalid


class StagesAreWrong(Invalid):
    """A pipeline has at least one stage, and each stage has a name and an id of its own."""

    slug = "stages-are-wrong"
    es = "Un embudo tiene al menos una etapa, y cada etapa un nombre y un identificador propios."


class StageIsUnknown(Invalid):
    """The pipeline {pipeline} has no such stage."""

    slug = "stage-is-unknown"
    es = "El embudo «{pipeline}» no tiene esa etapa."


class StageIsInUse(Conflict):
    """Opportunities are, or ended, in a stage that you are taking away: {count}; move them first."""

    slug = "stage-is-in-use"
    es = "Hay oportunidades en una etapa que usted quita, o que terminaron en ella: {count}; muévalas antes."


class PipelineNameIsTaken(Conflict):
    """There is already a pipeline called {name}."""

    slug = "pipeline-name-is-taken"
    es = "Ya existe un embudo llamado «{name}»."


class PipelineIsInUse(Conflict):
    """The pipeline has {count} opportunities; switch it off instead of deleting it."""

    slug = "pipeline-is-in-use"
    es = "El embudo tiene {count} oportunidades; desactívelo en lugar de borrarlo."


class DefaultPipelineStays(Conflict):
    """This is the default pipeline; make another one the default first."""

    slug = "default-pipeline-stays"
    es = "Este es el embudo por omisión; elija antes otro como tal."


class PipelineIsSwitchedOff(Conflict):
    """The pipeline {name} is switched off and takes no new opportunities."""

    slug = "pipeline-is-switched-off"
    es = "El embudo «{name}» está desactivado y no admite oportunidades nuevas."


class NoDefaultPipeline(Conflict):
    """There is no default pipeline; name one, or make one the default."""

    slug = "no-default-pipeline"
    es = "No hay un embudo por omisión; indique uno o elija uno como tal."


class CloseReasonIsTaken(Conflict):
    """There is already a reason {slug}."""

    slug = "close-reason-is-taken"
    es = "Ya existe el motivo «{slug}»."


class CloseReasonIsUnknown(Invalid):
    """There is no active reason with that id for this; see the catalogue of reasons."""

    slug = "close-reason-is-unknown"
    es = "No hay ningún motivo activo con ese identificador para esto; consulte el catálogo de motivos."
