"""Secrets that must be readable again or recognised: whoever reads the database alone cannot use them."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from chassis.settings import load


class Unsealable(Exception):
    """What was sealed was sealed with another key than this installation's."""


def seal(text: str, purpose: str) -> str:
    """Return ``text`` encrypted with the installation's key, readable for the same ``purpose`` only."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Return what was sealed for ``purpose``. Raise ``Unsealable`` where the key changed."""
    try:
        return _cipher(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unsealable(purpose) from None


def fingerprint(text: str, purpose: str) -> str:
    """Return what stands for ``text``, the same each time: recognised by us, and told to nobody without our key."""
    return hmac.new(f"{purpose}:{load().secret_key}".encode(), text.encode(), hashlib.sha256).hexdigest()


def _cipher(purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose}:{load().secret_key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
