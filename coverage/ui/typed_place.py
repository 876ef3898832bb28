"""A place that somebody typed: an address, or coordinates, told apart strictly.

Accepted coordinates are ``55.1036, 14.7072`` (latitude, longitude in degrees)
and ``865000, 6123000`` (east, north in metres, EPSG:25832); decimals with a
point, or with a comma if the two numbers stand apart by a semicolon or a space.
Whatever is not two numbers is an address. Nothing is guessed: a thousands
separator, swapped numbers or a place abroad is refused with a reason.
"""

import re
from dataclasses import dataclass

from coverage.units import DENMARK_X_M, DENMARK_Y_M, LONLAT_EPSG, in_denmark, reproject

MAX_CHARACTERS = 200
_LATITUDES = (54.0, 58.5)
_LONGITUDES = (7.0, 16.0)
_NUMBERS_ONLY = re.compile(r"[\d\s.,;+\-°]+")
_POINT = r"(-?\d+(?:\.\d+)?)"
_COMMA = r"(-?\d+(?:,\d+)?)"
_PAIRS = (
    re.compile(rf"{_POINT}(?:\s*[,;]\s*|\s+){_POINT}"),
    re.compile(rf"{_COMMA}(?:\s*;\s*|\s+|,\s+){_COMMA}"),
)


@dataclass(frozen=True)
class TypedCoordinates:
    """Coordinates in Denmark, metres in EPSG:25832."""

    x_m: float
    y_m: float


@dataclass(frozen=True)
class TypedAddress:
    """Text that is to be looked up as an address."""

    text: str


@dataclass(frozen=True)
class TypedNonsense:
    """What cannot be read, and the wording key of the reason."""

    reason: str


TypedPlace = TypedCoordinates | TypedAddress | TypedNonsense


def parse_place(typed: str) -> TypedPlace:
    """Return what was typed, read strictly."""
    text = " ".join(typed.split())
    if not text:
        return TypedNonsense("place.empty")
    if len(text) > MAX_CHARACTERS:
        return TypedNonsense("place.too_long")
    if not _NUMBERS_ONLY.fullmatch(text):
        return TypedAddress(text)
    for pattern in _PAIRS:
        if pair := pattern.fullmatch(text):
            first, second = (float(number.replace(",", ".")) for number in pair.groups())
            return _coordinates(first, second)
    return TypedNonsense("place.not_coordinates")


def _coordinates(first: float, second: float) -> TypedPlace:
    if _within(first, _LATITUDES) and _within(second, _LONGITUDES):
        x_m, y_m = reproject([second], [first], from_epsg=LONLAT_EPSG)
        if in_denmark(x_m, y_m)[0]:
            return TypedCoordinates(float(x_m[0]), float(y_m[0]))
        return TypedNonsense("place.not_in_denmark")
    if _within(first, DENMARK_X_M) and _within(second, DENMARK_Y_M):
        return TypedCoordinates(first, second)
    swapped_degrees = _within(first, _LONGITUDES) and _within(second, _LATITUDES)
    swapped_metres = _within(first, DENMARK_Y_M) and _within(second, DENMARK_X_M)
    if swapped_degrees or swapped_metres:
        return TypedNonsense("place.swapped")
    return TypedNonsense("place.not_in_denmark")


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
