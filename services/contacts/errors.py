"""What the contacts service refuses, and why."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.errors import Conflict, Invalid


class PossibleDuplicate(Conflict):
    """This may already be on file; look at the matches, or send allow_duplicate to create it all the same."""

    slug = "possible-duplicate"
    es = "Es posible que ya conste; revise las coincidencias o envíe allow_duplicate para crearlo de todos modos."

    def __init__(self, matches: Sequence[Mapping[str, object]]) -> None:
        plain = [
            {name: str(value) if isinstance(value, UUID) else value for name, value in match.items()}
            for match in matches
        ]
        super().__init__(matches=plain)


class ProspectLacks(Conflict):
    """Something is missing before somebody is put on file who may become a customer; see unmet."""

    slug = "prospect-lacks"
    es = "Falta algo antes de dar de alta a quien puede ser cliente; vea unmet."


class ProspectMayBeKnown(Conflict):
    """There may already be a {kind} like this on file; say which one it is, or send allow_duplicate."""

    slug = "prospect-may-be-known"
    es = "Puede que ya conste un contacto ({kind}) como este; indique cuál es o envíe allow_duplicate."


class TaxIdIsWrong(Invalid):
    """{number} is not a valid tax identifier of {country}; check its digits."""

    slug = "tax-id-is-wrong"
    es = "{number} no es un identificador fiscal válido de {country}; compruebe sus dígitos."


class TooManyPrimaries(Invalid):
    """Only one of a contact's {what} can be the primary one."""

    slug = "too-many-primaries"
    es = "Solo uno de los datos «{what}» de un contacto puede ser el principal."


class RelationExists(Conflict):
    """These two contacts already have this relation; end it before adding it again."""

    slug = "relation-exists"
    es = "Estos dos contactos ya tienen esta relación; termínela antes de volver a añadirla."


class RelatedToItself(Invalid):
    """A contact cannot be related to itself."""

    slug = "related-to-itself"
    es = "Un contacto no puede relacionarse consigo mismo."


class RelationJoinsOthers(Invalid):
    """The relation {name} joins a {from_kind} and a {to_kind}, in this order."""

    slug = "relation-joins-others"
    es = "La relación «{name}» une los tipos {from_kind} y {to_kind}, en este orden."


class RelationHasEnded(Conflict):
    """The relation has already ended; ended relations are history and stay as they are."""

    slug = "relation-has-ended"
    es = "La relación ya terminó; las relaciones terminadas son historia y no se modifican."


class EndsBeforeItStarts(Invalid):
    """The last day, {ends_on}, lies before the first, {starts_on}."""

    slug = "ends-before-it-starts"
    es = "El último día, {ends_on}, es anterior al primero, {starts_on}."


class AlreadyEmployed(Conflict):
    """This person already works there in this role; end that employment or change it."""

    slug = "already-employed"
    es = "Esta persona ya trabaja allí con esa función; termine ese empleo o modifíquelo."


class NameIsTaken(Conflict):
    """There is already one called {name}."""

    slug = "name-is-taken"
    es = "Ya existe uno llamado «{name}»."


class StillInUse(Conflict):
    """It is in use by {count} records; switch it off instead of deleting it."""

    slug = "entry-in-use"
    es = "Lo usan {count} registros; desactívelo en lugar de borrarlo."


class IsSwitchedOff(Conflict):
    """{name} is switched off and takes no new records."""

    slug = "is-switched-off"
    es = "«{name}» está desactivado y no admite registros nuevos."


class NobodyIsNamed(Invalid):
    """An interaction is with a person, a company, or both; name at least one."""

    slug = "nobody-is-named"
    es = "Una interacción es con una persona, una empresa o ambas; indique al menos una."


class NotYetHappened(Invalid):
    """An interaction is recorded once it has happened; {occurred_at} lies ahead. Plan an activity instead."""

    slug = "not-yet-happened"
    es = "Una interacción se registra cuando ya ocurrió; {occurred_at} está por venir. Planifique una actividad."


class AlreadyRecorded(Conflict):
    """The interaction {reference} is already on file."""

    slug = "already-recorded"
    es = "La interacción {reference} ya consta."


class UnknownLinkKind(Invalid):
    """There is no link kind {link}; add it to the catalogue first."""

    slug = "unknown-link-kind"
    es = "No existe el tipo de vínculo «{link}»; añádalo antes al catálogo."


class BranchIsUnknown(Invalid):
    """There is no active branch with that id."""

    slug = "branch-is-unknown"
    es = "No hay ninguna sucursal activa con ese identificador."


class SegmentIsIncluded(Conflict):
    """{count} lists include this segment; take it out of them before deleting it."""

    slug = "segment-is-included"
    es = "{count} listas incluyen este segmento; quítelo de ellas antes de borrarlo."


class ProofIsMissing(Invalid):
    """A yes needs its proof; these are missing: {missing}."""

    slug = "proof-is-missing"
    es = "Un sí necesita su prueba; falta: {missing}."


class ProofDoesNotFit(Invalid):
    """{value} does not make sense as the proof's {field}."""

    slug = "proof-does-not-fit"
    es = "{value} no tiene sentido como {field} de la prueba."


class WasMerged(Conflict):
    """This record was merged into {canonical_id}; undo that merge, or work with the record that is left."""

    slug = "was-merged"
    es = "Este registro se fusionó con {canonical_id}; deshaga esa fusión o trabaje con el registro que queda."


class MergedWithItself(Invalid):
    """A contact cannot be merged with itself; name each record once."""

    slug = "merged-with-itself"
    es = "Un contacto no puede fusionarse consigo mismo; indique cada registro una sola vez."


class NothingToUndo(Conflict):
    """There is no such merge of this contact that could be undone."""

    slug = "nothing-to-undo"
    es = "No hay ninguna fusión así de este contacto que pueda deshacerse."


class MergeWasBuiltOn(Conflict):
    """These fields were edited after the merge, so undoing it would lose the edits: {fields}."""

    slug = "merge-was-built-on"
    es = "Estos campos se editaron después de la fusión y deshacerla perdería esos cambios: {fields}."
