"""How a user name is written."""

import re
from typing import ClassVar, Final

from chassis.field_kinds import TextField, failure

_FORM: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]*")


class UsernameField(TextField):
    """A user name: letters of a to z, digits and . _ @ + -, kept in small letters."""

    facts: ClassVar = {"pattern": "^[A-Za-z0-9][A-Za-z0-9._@+-]*$", "example": "ana"}

    def tidy(self, value: str) -> str:
        """Return the name in small letters, as it is compared."""
        name = value.lower()
        if not _FORM.fullmatch(name):
            raise failure("invalid")
        return name
