"""Tax identifiers: one written form and, where a country is known, right check digits."""

import functools
import importlib
from typing import Any, Final

from stdnum import get_cc_module

from services.contacts.errors import TaxIdIsWrong

_WITH_VAT: Final = (
    "AT BE BG CY CZ DE DK EE FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL RO SE SI SK AR CH CL CO EC PE UY"
)
_VAT_COUNTRIES: Final = frozenset(_WITH_VAT.split())
# Numbers of people and companies that differ from the country's VAT number; these are accepted as well.
_OWN_NUMBERS: Final = {
    "ES": ("stdnum.es.nif",),
    "PT": ("stdnum.pt.nif",),
    "FR": ("stdnum.fr.siren", "stdnum.fr.siret"),
    "DE": ("stdnum.de.stnr", "stdnum.de.idnr"),
    "IT": ("stdnum.it.codicefiscale",),
    "GB": ("stdnum.gb.utr",),
    "NL": ("stdnum.nl.bsn",),
    "PL": ("stdnum.pl.pesel",),
    "AD": ("stdnum.ad.nrt",),
    "CH": ("stdnum.ch.uid",),
    "MX": ("stdnum.mx.rfc",),
}


def normal_tax_id(number: str, country: str) -> str:
    """Return a tax identifier without punctuation or country prefix, in capitals.

    Raises ``TaxIdIsWrong`` when the country's numbers are known and the form or the check digit is
    not right; numbers of other countries are only tidied.
    """
    tidy = "".join(sign for sign in number.upper() if sign.isalnum())
    schemes = _schemes(country)
    if not schemes and tidy:
        return tidy
    for scheme in schemes:
        if scheme.is_valid(tidy):
            # Compacting also drops the country's letters where they are only a prefix.
            compact: str = scheme.compact(tidy)
            return compact
    raise TaxIdIsWrong(number=number, country=country)


@functools.cache
def _schemes(country: str) -> tuple[Any, ...]:
    found: list[Any] = [importlib.import_module(name) for name in _OWN_NUMBERS.get(country, ())]
    if country in _VAT_COUNTRIES and (vat := get_cc_module(country.lower(), "vat")):
        found.append(vat)
    return tuple(found)
