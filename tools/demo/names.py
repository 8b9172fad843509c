"""What the demo people are called: the frequent names of Spain, men's and women's alike."""

from random import Random
from typing import Final

_FIRST: Final = (
    "Ana María Carmen Lucía Marta Laura Cristina Isabel Pilar Elena Teresa Raquel Sara Paula Beatriz Silvia "
    "Nuria Rocío Patricia Alicia Irene Sonia Julia Claudia Mercedes Rosa Yolanda Inés Clara Victoria "
    "Antonio Manuel José Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro Pablo "
    "Ángel Sergio Fernando Jorge Luis Alberto Álvaro Adrián Diego Raúl Iván Rubén Óscar Andrés Joaquín Iñaki "
    "Jordi Mireia Montserrat Ainhoa Aitor Xabier Noa Brais"
)

_LAST: Final = (
    "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández Ruiz "
    "Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez Ramos Vázquez Ramírez Gil "
    "Serrano Molina Blanco Morales Suárez Ortega Delgado Castro Ortiz Marín Rubio Núñez Medina Sanz Castillo "
    "Iglesias Cortés Garrido Santos Guerrero Lozano Cano Cruz Prieto Flores Herrera Peña León Márquez Cabrera "
    "Gallego Calvo Vidal Campos Reyes Vega Fuentes Carrasco Aguilar Caballero Nieto Santana Pascual Herrero "
    "Giménez Montero Hidalgo Lorenzo Ibáñez Ferrer Durán Benítez Arias Mora Vicente Vargas Carmona Crespo "
    "Roman Soto Pastor Velasco Soler Moya Esteban Parra Bravo Gallardo Rojas Echevarría Etxeberria Puig Ferreiro"
)


def people_names(count: int, chance: Random) -> list[tuple[str, str]]:
    """Return ``count`` different first names and pairs of surnames."""
    first_names, surnames = _FIRST.split(), _LAST.split()
    names: dict[tuple[str, str], None] = {}
    while len(names) < count:
        first = chance.choice(first_names)
        names[first, f"{chance.choice(surnames)} {chance.choice(surnames)}"] = None
    return list(names)
