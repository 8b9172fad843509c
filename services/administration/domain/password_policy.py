"""What a password must be like. The numbers are parameters of the installation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LONGEST: Final = 256

# The first guesses of every attack. Length does the rest.
_GUESSED_FIRST: Final = frozenset(
    {
        "password",
        "passw0rd",
        "password1",
        "password123",
        "contrasena",
        "contraseña",
        "contraseña1",
        "123456789",
        "1234567890",
        "qwertyuiop",
        "qwerty123",
        "administrador",
        "administrator",
        "adminadmin",
        "bienvenido",
        "welcome123",
        "iloveyou123",
        "letmein123",
    }
)


@dataclass(frozen=True, kw_only=True)
class PasswordPolicy:
    """``max_age`` is None where passwords do not age."""

    min_length: int
    max_age: timedelta | None = None

    def problems(self, password: str, *, username: str) -> list[tuple[str, str]]:
        """Return what is wrong with a new password, each as an English and a Spanish sentence."""
        found = []
        if len(password) < self.min_length:
            found.append((f"Use at least {self.min_length} characters.", f"Use al menos {self.min_length} caracteres."))
        if len(password) > LONGEST:
            found.append((f"Use at most {LONGEST} characters.", f"Use como mucho {LONGEST} caracteres."))
        lowered = password.casefold()
        if username.casefold() in lowered:
            found.append(("Do not use the user name in it.", "No incluya en ella el nombre de usuario."))
        if lowered in _GUESSED_FIRST or len(set(lowered)) < min(4, self.min_length):
            found.append(("It is too easy to guess.", "Es demasiado fácil de adivinar."))
        return found

    def is_too_old(self, changed_at: datetime | None, now: datetime) -> bool:
        """Return whether a password set at ``changed_at`` must be changed."""
        return self.max_age is not None and (changed_at is None or now - changed_at > self.max_age)
