"""What a field is called in JSON."""

# ruff: noqa: ARG002 - marshmallow's own signatures

import re
from typing import Annotated, Any, ClassVar, Final

from marshmallow import ValidationError, fields

from chassis.field_kinds import Facts
from chassis.field_messages import Said
from chassis.vocabulary import Public

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_WRONG: Final = Said(
    "A name begins with a small letter and has small letters, digits and underscores, 64 at most.",
    "Un nombre empieza por minúscula y tiene minúsculas, cifras y guiones bajos, 64 como máximo.",
)


class FieldNameField(Facts, fields.String):
    """A name such as ``serial_number``."""

    facts: ClassVar = {"pattern": r"^[a-z][a-z0-9_]{0,63}$"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise ValidationError(_WRONG)
        return value


FieldName = Annotated[str, Public(FieldNameField)]
