"""Sub-areas of the kommuner with a city over 50,000: outlines cut by lines through the city.

A cut begins and ends at points that the outline has already, so that the sub-areas together
are the outline exactly, to the last decimal on file.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from .geodesy import to_degrees, to_metres
from .kommuner import DEGREE_DECIMALS

LonLat = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """How a kommune is divided: degrees, longitude first.

    Attributes
    ----------
    names
        Name of each sub-area and a place in it.
    cuts
        Lines from border to border; an end is moved to the outline's nearest point.
    hub
        Where a cut may end within the kommune: the middle of the city.
    """

    names: tuple[tuple[str, LonLat], ...]
    cuts: tuple[tuple[LonLat, ...], ...]
    hub: LonLat | None = None


_ODENSE = (10.38831, 55.39594)
_KOLDING = (9.47216, 55.49040)
_VEJLE = (9.53570, 55.70927)

PLANS = {
    "0461": Plan(
        (
            ("Odense Nord", (10.378, 55.459)),
            ("Odense Øst", (10.448, 55.390)),
            ("Odense Syd", (10.390, 55.345)),
            ("Odense Vest", (10.263, 55.390)),
        ),
        (
            ((10.488, 55.446), _ODENSE, (10.243, 55.352)),
            ((10.526, 55.330), _ODENSE, (10.275, 55.438)),
        ),
    ),
    "0561": Plan(
        (
            ("Esbjerg Vest", (8.400, 55.515)),
            ("Esbjerg Øst", (8.500, 55.500)),
            ("Bramming", (8.700, 55.469)),
            ("Ribe", (8.770, 55.331)),
        ),
        (
            ((8.457, 55.456), (8.45187, 55.47028), (8.46000, 55.52000), (8.422, 55.582)),
            ((8.609, 55.431), (8.62000, 55.48000), (8.598, 55.552)),
            ((8.640, 55.395), (8.75000, 55.42500), (8.901, 55.446)),
        ),
    ),
    "0621": Plan(
        (
            ("Kolding Nord", (9.480, 55.560)),
            ("Kolding Syd", (9.487, 55.358)),
            ("Kolding Vest", (9.290, 55.460)),
        ),
        (((9.497, 55.492), _KOLDING, (9.237, 55.580)), (_KOLDING, (9.422, 55.304))),
        hub=_KOLDING,
    ),
    "0630": Plan(
        (
            ("Vejle Nord", (9.580, 55.740)),
            ("Vejle Syd", (9.640, 55.650)),
            ("Vejle Vest", (9.320, 55.660)),
            ("Vejle Nordvest", (9.240, 55.845)),
        ),
        (
            ((9.559, 55.707), _VEJLE, (9.139, 55.818)),
            ((9.469, 55.654), _VEJLE, (9.461, 55.802)),
        ),
    ),
}


def divide(outlines: dict[str, BaseGeometry]) -> dict[str, tuple[str, BaseGeometry]]:
    """Sub-area id -> name and shape in metres, of all kommuner with a plan.

    Raises ValueError if a plan's cuts do not give one area for each name.
    """
    areas: dict[str, tuple[str, BaseGeometry]] = {}
    for code, plan in PLANS.items():
        degrees = shapely.transform(
            outlines[code], lambda xy: to_degrees(xy).round(DEGREE_DECIMALS)
        )
        for number, ((name, _), shape) in enumerate(
            zip(plan.names, _cut(code, degrees, plan), strict=True), start=1
        ):
            areas[f"{code}-{number}"] = (name, shapely.transform(shape, to_metres))
    return areas


def _cut(code: str, outline: BaseGeometry, plan: Plan) -> list[BaseGeometry]:
    parts = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    main = max(parts, key=lambda part: part.area)
    lines = [_end_on_outline(cut, main, plan.hub) for cut in plan.cuts]
    beyond = [k for k, line in enumerate(lines) if not main.covers(line)]
    if beyond:
        raise ValueError(f"{code}: cuts {beyond} leave the kommune")
    edges = shapely.union_all([main.boundary, *lines])
    pieces = [p for p in shapely.get_parts(shapely.polygonize([edges])) if main.covers(p)]
    places = [Point(place) for _, place in plan.names]
    owner = [[k for k, place in enumerate(places) if piece.contains(place)] for piece in pieces]
    if sorted(owner) != [[k] for k in range(len(places))]:
        raise ValueError(f"{code}: the cuts give {len(pieces)} areas, with places {owner}")
    shares: list[list[BaseGeometry]] = [[] for _ in places]
    for piece, (k,) in zip(pieces, owner, strict=True):
        shares[k].append(piece)
    mainland = [share[0] for share in shares]
    for island in parts:
        if island is not main:
            nearest = int(np.argmin(shapely.distance(np.array(mainland), island)))
            shares[nearest].append(island)
    return [shapely.MultiPolygon(share) for share in shares]


def _end_on_outline(cut: tuple[LonLat, ...], main: Polygon, hub: LonLat | None) -> LineString:
    """Move the ends of a cut to the nearest points of the outline, but for the hub."""
    corners = np.array(main.exterior.coords)

    def settle(end: LonLat) -> LonLat:
        if end == hub:
            return end
        gap = (corners - end) * (np.cos(np.radians(end[1])), 1.0)
        x, y = corners[int(np.argmin(np.hypot(gap[:, 0], gap[:, 1])))].tolist()
        return (x, y)

    return LineString([settle(cut[0]), *cut[1:-1], settle(cut[-1])])
