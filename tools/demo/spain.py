"""Where the demo companies and people are: Spanish cities with their provinces, postcodes and dialling codes."""

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True)
class City:
    """A city; ``weight`` says how many of the demo contacts live there, ``dialling`` begins its numbers."""

    name: str
    province: str
    postcodes: tuple[str, ...]
    dialling: str
    weight: int


CITIES: Final = (
    City("Madrid", "Madrid", ("28001", "28006", "28010", "28015", "28020", "28036", "28046"), "91", 26),
    City("Alcobendas", "Madrid", ("28100", "28108", "28109"), "91", 5),
    City("Getafe", "Madrid", ("28901", "28905", "28906"), "91", 4),
    City("Barcelona", "Barcelona", ("08001", "08007", "08013", "08018", "08029", "08036"), "93", 20),
    City("Sabadell", "Barcelona", ("08201", "08205", "08208"), "93", 4),
    City("Valencia", "Valencia", ("46001", "46004", "46010", "46022"), "96", 10),
    City("Sevilla", "Sevilla", ("41001", "41004", "41011", "41018"), "95", 8),
    City("Zaragoza", "Zaragoza", ("50001", "50004", "50009", "50014"), "976", 8),
    City("Málaga", "Málaga", ("29001", "29006", "29010", "29016"), "95", 6),
    City("Bilbao", "Bizkaia", ("48001", "48008", "48011", "48014"), "94", 6),
    City("Murcia", "Murcia", ("30001", "30005", "30009"), "968", 4),
    City("Palma", "Illes Balears", ("07001", "07005", "07011"), "971", 4),
    City("Valladolid", "Valladolid", ("47001", "47006", "47014"), "983", 4),
    City("Vigo", "Pontevedra", ("36201", "36203", "36210"), "986", 4),
    City("A Coruña", "A Coruña", ("15001", "15005", "15011"), "981", 3),
    City("Alicante", "Alicante", ("03001", "03005", "03010"), "96", 4),
    City("Granada", "Granada", ("18001", "18005", "18012"), "958", 3),
    City("Pamplona", "Navarra", ("31001", "31005", "31008"), "948", 3),
    City("Donostia-San Sebastián", "Gipuzkoa", ("20001", "20006", "20011"), "943", 3),
    City("Oviedo", "Asturias", ("33001", "33005", "33012"), "98", 3),
    City("Santander", "Cantabria", ("39001", "39005", "39010"), "942", 2),
    City("Logroño", "La Rioja", ("26001", "26005", "26008"), "941", 2),
    City("Toledo", "Toledo", ("45001", "45005", "45007"), "925", 2),
    City("Las Palmas de Gran Canaria", "Las Palmas", ("35001", "35005", "35010"), "928", 2),
)

_STREETS: Final = (
    "Calle Mayor",
    "Calle de Alcalá",
    "Avenida de la Constitución",
    "Avenida de Europa",
    "Calle del Comercio",
    "Paseo de la Estación",
    "Calle San Juan",
    "Calle de la Paz",
    "Avenida del Mediterráneo",
    "Calle Real",
    "Plaza de España",
    "Calle Nueva",
    "Ronda de Poniente",
    "Calle de los Olivos",
    "Camino del Molino",
    "Calle Cervantes",
    "Calle de la Industria",
    "Polígono Industrial Las Eras, nave",
)


def some_city(chance: Random) -> City:
    """Return a city, large ones more often."""
    return chance.choices(CITIES, [city.weight for city in CITIES])[0]


def some_street(chance: Random) -> str:
    """Return a street with its number."""
    return f"{chance.choice(_STREETS)}, {chance.randint(1, 140)}"


def landline(city: City, chance: Random) -> str:
    """Return a number of nine digits in E.164 that begins with the city's dialling code."""
    rest = 9 - len(city.dialling)
    # The digit after a two-digit code is never 0 or 9 in the ranges that are in use everywhere.
    first = chance.choice("2345")
    return f"+34{city.dialling}{first}{chance.randrange(10 ** (rest - 1)):0{rest - 1}d}"


def mobile(chance: Random) -> str:
    """Return a mobile number in E.164."""
    return f"+346{chance.choice('0123456789')}{chance.randrange(10**7):07d}"
