"""Houses along the named roads, with street, number, postcode and city."""

from dataclasses import dataclass

import numpy as np

from .geodesy import FloatArray, generator
from .places import Place
from .ways import NamedRoad, Roads

PERSONS_PER_ADDRESS = 24.0
COUNTRY_PER_KM = 1.15
LETTER_SHARE = 0.03
FROM_ROAD_M = 14.0


@dataclass(frozen=True)
class Address:
    """One house: position in metres (EPSG:25832); ``place`` is -1 in the country."""

    street: str
    number: str
    postcode: str
    city: str
    x_m: float
    y_m: float
    place: int
    land: str


def lay_addresses(roads: Roads, places: list[Place]) -> list[Address]:
    """Addresses along all named roads; numbers are unique within postcode and street."""
    rng = generator("addresses")
    shapes = [np.array([roads.xy[n] for n in road.nodes]) for road in roads.named]
    length = np.array([_length(shape) for shape in shapes])
    per_place = np.zeros(len(places))
    for road, metres in zip(roads.named, length.tolist(), strict=True):
        if road.place >= 0:
            per_place[road.place] += metres
    last_number: dict[tuple[str, str], int] = {}
    result: list[Address] = []
    for road, shape, metres in zip(roads.named, shapes, length.tolist(), strict=True):
        if road.place >= 0:
            wanted = places[road.place].population / PERSONS_PER_ADDRESS
            count = max(2, round(metres * wanted / per_place[road.place]))
        else:
            count = int(rng.poisson(metres / 1000 * COUNTRY_PER_KM))
        key = (road.post.postcode, road.name)
        first = last_number.get(key, 0)
        last_number[key] = first + count
        result += _houses(road, shape, count, first, rng)
    return result


def _length(shape: FloatArray) -> float:
    return float(np.hypot(*np.diff(shape, axis=0).T).sum())


def _houses(
    road: NamedRoad, shape: FloatArray, count: int, first: int, rng: np.random.Generator
) -> list[Address]:
    """``count`` houses, odd numbers left and even numbers right, numbered after ``first``."""
    if count == 0:
        return []
    step = np.hypot(*np.diff(shape, axis=0).T)
    reached = np.concatenate([[0.0], np.cumsum(step)])
    at = (np.arange(count) + 0.5 + rng.uniform(-0.2, 0.2, count)) / count * reached[-1]
    leg = np.clip(np.searchsorted(reached, at, side="right") - 1, 0, len(step) - 1)
    along = (shape[leg + 1] - shape[leg]) / step[leg][:, None]
    left = np.column_stack([-along[:, 1], along[:, 0]])
    number = first + np.arange(count) + 1
    side = np.where(number % 2 == 1, FROM_ROAD_M, -FROM_ROAD_M)
    xy = shape[leg] + along * (at - reached[leg])[:, None] + left * side[:, None]
    letter = rng.random(count) < LETTER_SHARE
    return [
        Address(
            road.name,
            f"{n}{'A' if lettered else ''}",
            road.post.postcode,
            road.post.city,
            x,
            y,
            road.place,
            road.land,
        )
        for n, lettered, (x, y) in zip(number.tolist(), letter.tolist(), xy.tolist(), strict=True)
    ]
