"""How names are brought to one form before they are compared; what is shown is never changed."""

import re
import unicodedata
from typing import Final

# Letters that Unicode does not decompose into a base letter and an accent.
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "ð": "d", "þ": "th"})

_LEGAL_FORM_WORDS: Final = (
    # Spain
    "sa sau sad sl slu sll slp slne sal sau sc scp scoop cb aie ute "
    "sociedadanonima sociedadanonimaunipersonal sociedadlimitada sociedadlimitadaunipersonal "
    "sociedadlimitadalaboral sociedadcooperativa sociedadcivil comunidaddebienes "
    # Europe and America
    "ltd limited plc llp llc inc incorporated corp corporation co company gmbh ag kg ohg ug se "
    "sarl sas srl spa snc lda ltda bv nv oy ab as aps sro"
)
_LEGAL_FORMS: Final = frozenset(_LEGAL_FORM_WORDS.split())

_LONGEST_FORM: Final = 4  # "sociedad anónima unipersonal" is three words, "s. l. n. e." four


def compare_form(text: str) -> str:
    """Return ``text`` in lower case, without accents or punctuation, one space between words."""
    plain = text
    # Some letters fold into others that fold again; two rounds reach the form that stays.
    for _ in range(2):
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
        plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
        plain = plain.translate(_PLAIN)
    words = re.sub(r"[^\w]|_", " ", re.sub(r"['’.]", "", plain)).split()
    return " ".join(words)


def person_compare_name(first_name: str, last_name: str | None) -> str:
    """Return a person's full name as it is compared."""
    return compare_form(f"{first_name} {last_name or ''}")


def company_compare_name(name: str) -> str:
    """Return a company's name as it is compared: ``Muñoz & Hijos, S.L.`` is ``munoz hijos``."""
    words = compare_form(name).split()
    while size := _legal_form_at_the_end(words):
        words = words[:-size]
    return " ".join(words)


def _legal_form_at_the_end(words: list[str]) -> int:
    """Count the words of the legal form that ends a name; a name is never only its legal form."""
    for size in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        if "".join(words[-size:]) in _LEGAL_FORMS:
            return size
    return 0
