"""Streets of towns and villages: irregular grids of junctions, sized by population."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import Point, Polygon

from .geodesy import FloatArray, IntArray, generator
from .places import Place

# persons a km2 inside the built-up area, and the distance between junctions, by population
_SIZES = ((50_000, 2500.0, 200.0), (10_000, 2100.0, 185.0), (2_000, 1800.0, 170.0))
_VILLAGE_DENSITY, _VILLAGE_SPACING_M = 1100.0, 160.0

SHORE_M = 25.0
CLOSEST_M = 105.0
DROPPED_STREETS = 0.27
JITTER = 0.18
LONGEST_STREET_EDGES = 8
CENTRE_M = 450.0


@dataclass(frozen=True)
class TownNodes:
    """Junctions of all towns: positions (n, 2) in metres, place index, row and column."""

    xy: FloatArray
    place: IntArray
    row: IntArray
    column: IntArray


@dataclass(frozen=True)
class Street:
    """A street as a run of junctions; ``central`` when it begins in the middle of its town."""

    nodes: tuple[int, ...]
    place: int
    direction: int  # 0 along a row of the grid, 1 along a column
    central: bool


def _size(population: int) -> tuple[float, float]:
    for least, density, spacing_m in _SIZES:
        if population >= least:
            return density, spacing_m
    return _VILLAGE_DENSITY, _VILLAGE_SPACING_M


def town_radius_m(place: Place, land: Polygon) -> float:
    """Radius of a town's built-up area; larger where the sea takes part of the circle."""
    density, _ = _size(place.population)
    radius = float(np.sqrt(max(place.population, 60) / density / np.pi) * 1000)
    circle = Point(place.x_m, place.y_m).buffer(radius)
    share = max(float(circle.intersection(land).area / circle.area), 0.5)
    return radius / float(np.sqrt(share))


def _grid(place: Place, land: Polygon, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Junctions of one place and their (row, column)."""
    _, spacing_m = _size(place.population)
    radius_m = town_radius_m(place, land)
    reach = int(np.ceil(1.4 * radius_m / spacing_m)) + 1
    steps = np.arange(-reach, reach + 1)
    ij = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    local = ij * spacing_m + rng.normal(0, JITTER * spacing_m, ij.shape)
    angle = np.arctan2(local[:, 1], local[:, 0])
    phase = rng.uniform(0, 2 * np.pi, 2)
    lobes = 1 + 0.16 * np.cos(2 * angle + phase[0]) + 0.12 * np.cos(3 * angle + phase[1])
    inside = np.hypot(local[:, 0], local[:, 1]) <= np.maximum(radius_m * lobes, 1.1 * spacing_m)
    turn = rng.uniform(0, np.pi / 2)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    xy = local @ rotation + (place.x_m, place.y_m)
    shore = land.buffer(-SHORE_M)
    shapely.prepare(shore)
    keep = inside & shapely.contains_xy(shore, xy[:, 0], xy[:, 1])
    return xy[keep], ij[keep].astype(np.int64)


def lay_junctions(places: list[Place], land: dict[str, Polygon]) -> TownNodes:
    """Junctions of all places; where two places meet, the smaller one keeps its own."""
    rng = generator("streets")
    grids = []
    for place in places:
        around = Point(place.x_m, place.y_m).buffer(12_000).envelope
        near = around.intersection(land[place.land])
        grids.append(_grid(place, near, rng))
    xy = np.vstack([points for points, _ in grids])
    ij = np.vstack([steps for _, steps in grids])
    owner = np.repeat(np.arange(len(places)), [len(points) for points, _ in grids])
    population = np.array([place.population for place in places])[owner]
    pairs = cKDTree(xy).query_pairs(CLOSEST_M, output_type="ndarray")
    pairs = pairs[owner[pairs[:, 0]] != owner[pairs[:, 1]]]
    first_larger = population[pairs[:, 0]] >= population[pairs[:, 1]]
    drop = np.zeros(len(xy), dtype=bool)
    drop[np.where(first_larger, pairs[:, 0], pairs[:, 1])] = True
    keep = ~drop
    return TownNodes(xy[keep], owner[keep].astype(np.int64), ij[keep, 0], ij[keep, 1])


def street_candidates(nodes: TownNodes) -> tuple[IntArray, IntArray]:
    """Pairs of neighbouring junctions (n, 2) and the direction of each: 0 row, 1 column."""
    at = {
        key: k
        for k, key in enumerate(
            zip(nodes.place.tolist(), nodes.row.tolist(), nodes.column.tolist(), strict=True)
        )
    }
    pairs, direction = [], []
    for (place, row, column), k in at.items():
        for way, key in enumerate(((place, row, column + 1), (place, row + 1, column))):
            if key in at:
                pairs.append((k, at[key]))
                direction.append(way)
    return np.array(pairs, dtype=np.int64), np.array(direction, dtype=np.int64)


def name_runs(
    xy: FloatArray, place: IntArray, pairs: IntArray, direction: IntArray, places: list[Place]
) -> list[Street]:
    """Cut the kept rows and columns of the grids into streets of a few edges each."""
    rng = generator("street runs")
    streets: list[Street] = []
    for way in range(2):
        chain = {int(u): int(v) for u, v in pairs[direction == way]}
        for start in sorted(set(chain) - set(chain.values())):
            run = [start]
            while run[-1] in chain:
                run.append(chain[run[-1]])
            town = places[int(place[start])]
            for part in _cut(run, rng):
                middle = xy[list(part)].mean(axis=0)
                from_centre_m = float(np.hypot(middle[0] - town.x_m, middle[1] - town.y_m))
                streets.append(Street(part, int(place[start]), way, from_centre_m < CENTRE_M))
    return streets


def _cut(run: list[int], rng: np.random.Generator) -> list[tuple[int, ...]]:
    parts, first = [], 0
    while first < len(run) - 1:
        last = min(first + int(rng.integers(3, LONGEST_STREET_EDGES + 1)), len(run) - 1)
        parts.append(tuple(run[first : last + 1]))
        first = last
    return parts
