"""Towns from the facts, with their known errors mended, and made-up villages."""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from .geodesy import FloatArray, generator, nearest, to_metres
from .names import village_names

# GeoNames is wrong on these two (facts/README.md).
POPULATION_FIXES = {"Tranekær": 1000, "Tønder": 7500}

# The spelling of the praksisplan's skal-areas, so that the two tables meet by name.
SPELLING = {
    "Årup": "Aarup",
    "Nørre Åby": "Nørre Aaby",
    "Skaerbaek": "Skærbæk",
    "Sønder Bjert": "Bjert",
}

# Named by the skal-areas or needed as a ferry's harbour, absent from GeoNames' list:
# town, kommune, latitude, longitude, population; all approximate.
EXTRA_TOWNS = (
    ("Sdr. Omme", "0530", 55.838, 8.894, 1700),
    ("Søby", "0492", 54.939, 10.257, 450),
    ("Fynshav", "0540", 54.992, 9.978, 800),
    ("Bøjden", "0430", 55.105, 10.108, 250),
    ("Spodsbjerg", "0482", 54.932, 10.822, 200),
    ("Bagenkop", "0482", 54.752, 10.676, 400),
    ("Havneby", "0550", 55.088, 8.562, 300),
    ("Blåvand", "0573", 55.558, 8.135, 250),
    ("Hejnsvig", "0530", 55.694, 8.985, 1100),
)

VILLAGE_SPACING_M = 4000.0
VILLAGE_TO_TOWN_M = 2300.0


@dataclass(frozen=True)
class Place:
    """A town or village: centre in metres (EPSG:25832), population in persons."""

    name: str
    kommune_code: str
    x_m: float
    y_m: float
    lat: float
    lon: float
    population: int
    source: str  # GeoNames, approximate, corrected or made up
    land: str


def _land_at(x_m: float, y_m: float, land: dict[str, Polygon], name: str) -> str:
    for mass, polygon in land.items():
        if polygon.contains(Point(x_m, y_m)):
            return mass
    raise ValueError(f"{name}: not on settled land")


def read_towns(facts: Path, land: dict[str, Polygon]) -> list[Place]:
    """Read the towns of the facts and of EXTRA_TOWNS, ordered by kommune and name."""
    rows: list[tuple[str, str, float, float, int, str]] = []
    with (facts / "towns_syddanmark.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, source = row["town"], row["population_source"]
            population = int(row["population"])
            if name in POPULATION_FIXES:
                population, source = POPULATION_FIXES[name], "corrected"
            place = (float(row["lat"]), float(row["lon"]))
            rows.append((SPELLING.get(name, name), row["kommune_code"], *place, population, source))
    rows += [(*extra, "approximate") for extra in EXTRA_TOWNS]
    towns = []
    for name, code, lat, lon, population, source in sorted(rows, key=lambda r: (r[1], r[0])):
        x_m, y_m = to_metres((lon, lat))[0]
        on = _land_at(x_m, y_m, land, name)
        towns.append(Place(name, code, x_m, y_m, lat, lon, population, source, on))
    return towns


def scatter(area: BaseGeometry, spacing_m: float, rng: np.random.Generator) -> FloatArray:
    """Scatter points in an area, one a square of ``spacing_m``, moved at random within it."""
    west, south, east, north = area.bounds
    xs, ys = np.arange(west, east, spacing_m), np.arange(south, north, spacing_m)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    points = grid + rng.uniform(0.1, 0.9, grid.shape) * spacing_m
    shapely.prepare(area)
    inside = shapely.contains_xy(area, points[:, 0], points[:, 1])
    return np.asarray(points[inside], dtype=np.float64)


def make_villages(
    towns: list[Place], land: dict[str, Polygon], kommuner: dict[str, BaseGeometry]
) -> list[Place]:
    """Made-up villages on the settled land of the kommuner, away from the towns."""
    rng = generator("villages")
    centres = cKDTree([(town.x_m, town.y_m) for town in towns])
    villages: list[Place] = []
    for code, outline in kommuner.items():
        for mass, polygon in land.items():
            area = outline.intersection(polygon).buffer(-350)
            if area.is_empty or mass == "Siø":
                continue
            points = scatter(area, VILLAGE_SPACING_M, rng)
            far = nearest(centres, points)[0] > VILLAGE_TO_TOWN_M
            sizes = np.clip(rng.lognormal(np.log(230), 0.6, len(points)), 80, 900)
            villages += [
                Place("", code, x, y, 0.0, 0.0, int(size), "made up", mass)
                for (x, y), size, keep in zip(points.tolist(), sizes.tolist(), far, strict=True)
                if keep
            ]
    taken = {town.name for town in towns}
    names = village_names(len(villages), taken, rng)
    return [replace(place, name=name) for place, name in zip(villages, names, strict=True)]
