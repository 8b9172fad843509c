"""The demo companies: what a mid-sized Spanish supplier has among its customers and suppliers."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from stdnum.es import cif

from services.contacts.domain.naming import compare_form
from tools.demo.spain import City, landline, some_city, some_street

JsonObject = dict[str, object]

# Sector, how such companies are called, and the code of its industry (NACE).
_SECTORS: Final = (
    ("hostelería", ("Hoteles", "Restauración", "Cafés", "Grupo Hostelero"), "55"),
    ("alimentación", ("Conservas", "Panificadora", "Aceites", "Bodegas", "Quesería"), "10"),
    ("construcción", ("Construcciones", "Reformas", "Promociones", "Estructuras"), "41"),
    ("logística", ("Transportes", "Logística", "Almacenes", "Mensajería"), "49"),
    ("tecnología", ("Sistemas", "Soluciones", "Informática", "Datos"), "62"),
    ("metal", ("Talleres", "Calderería", "Mecanizados", "Fundiciones"), "25"),
    ("sanidad", ("Clínica", "Laboratorios", "Farmacia", "Residencia"), "86"),
    ("comercio", ("Distribuciones", "Suministros", "Comercial", "Ferretería"), "46"),
    ("educación", ("Academia", "Colegio", "Formación", "Instituto"), "85"),
    ("agricultura", ("Cooperativa", "Viveros", "Frutas", "Ganadera"), "01"),
    ("servicios", ("Asesoría", "Gestoría", "Consultores", "Limpiezas"), "69"),
    ("energía", ("Energías", "Instalaciones", "Electricidad", "Climatización"), "35"),
)
_PROPER: Final = (
    "del Ebro|Levante|La Encina|Montecarmelo|Sierra Norte|San Isidro|Costa Blanca|Mendizábal|El Robledal|"
    "Peñalara|Ibérica|Tres Torres|Alborán|Guadiana|La Alhóndiga|Cantábrico|Valdehierro|Bellavista|Nervión|"
    "Los Álamos|Turia|Santa Eulalia|Campo Grande|La Marina|Atlántico|El Cierzo|Doñana|Ribera Alta|Pirineos|"
    "Las Lomas|Miramar|Castellana|Urbión|La Dehesa|Almenara|Zubiri|Rías Baixas|Somontano|Las Salinas|Altamira"
)
_FORMS: Final = ("S.L.", "S.L.", "S.L.", "S.L.", "S.A.", "S.A.", "S.L.U.", "S. Coop.")
_LETTERS: Final = {"S.A.": "A", "S. Coop.": "F"}


@dataclass(frozen=True)
class DemoCompany:
    """A company as it is sent to the API, and what its people's records are made of."""

    body: JsonObject
    tax_id: str
    domain: str
    city: City
    postcode: str
    street: str


def demo_companies(count: int, chance: Random) -> Iterator[DemoCompany]:
    """Yield ``count`` companies with different names and tax identifiers."""
    names: set[str] = set()
    while len(names) < count:
        sector, kinds, industry = chance.choice(_SECTORS)
        short = f"{chance.choice(kinds)} {chance.choice(_PROPER.split('|'))}"
        if short not in names:
            names.add(short)
            yield _company(short, sector, industry, chance)


def _company(short: str, sector: str, industry: str, chance: Random) -> DemoCompany:
    form, city = chance.choice(_FORMS), some_city(chance)
    postcode, street = chance.choice(city.postcodes), some_street(chance)
    tax_id = _tax_id(_LETTERS.get(form, "B"), postcode[:2], chance)
    domain = f"{compare_form(short).replace(' ', '-')}.example"
    links = chance.choices((["customer"], ["prospect"], ["supplier"], ["customer", "supplier"]), (12, 5, 3, 1))[0]
    body: JsonObject = {
        "name": f"{short}, {form}",
        "tax_id": tax_id,
        "country": "ES",
        "website": f"https://www.{domain}",
        "sector": sector,
        "industry_code": industry,
        "employee_count": chance.choice((4, 8, 15, 30, 60, 120, 250, 600)),
        "links": links,
        "emails": [{"address": f"info@{domain}", "kind": "shared"}],
        "phones": [{"number": landline(city, chance), "kind": "switchboard"}],
        "addresses": [
            {"street": street, "postcode": postcode, "city": city.name, "region": city.province, "country": "ES"}
        ],
        "language": "es",
        "source": chance.choice(("fair", "referral", "web", "directory", "cold-call")),
    }
    return DemoCompany(body, tax_id, domain, city, postcode, street)


def _tax_id(letter: str, province: str, chance: Random) -> str:
    """Return a CIF with the right control digit; its first digits are the province's, as in real ones."""
    number = f"{letter}{province}{chance.randrange(10**5):05d}"
    digit: str = cif.calc_check_digits(number)[0]
    return number + digit
