"""How values arrive that are not tidied: passwords, and JSON of any kind."""

import unicodedata
from typing import Any, ClassVar, Final

from marshmallow import fields

from chassis.field_kinds import Facts, TextField
from chassis.field_kinds_nested import DocumentField
from services.administration.domain.password_policy import LONGEST


class PasswordField(TextField):
    """A password, kept exactly as typed except for the Unicode form (NFC); comes in, never goes out."""

    facts: ClassVar = {"format": "password"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, most=LONGEST, load_only=True, **kwargs)

    def _printable(self, value: str) -> str:
        super()._printable(value)
        return unicodedata.normalize("NFC", value)


class JsonField(Facts, fields.Raw):
    """Any JSON value, within the bounds of a document."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        kwargs.pop("partial", None)
        _BOUNDS.deserialize({"value": value}, attr, data, **kwargs)
        return value


_BOUNDS: Final = DocumentField()
