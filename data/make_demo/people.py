"""People in 1 km cells: the kommuner's 2011 totals, spread over towns, villages and houses."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from .addresses import Address
from .geodesy import FloatArray, IntArray, from_grid, generator, nearest, to_grid
from .places import Place
from .streets import town_radius_m

CELL_M = 1000
URBAN_LIMIT = 0.94  # at most this share of a kommune lives in its towns
# Islands with far fewer people outside the towns than their kommune's mainland.
SPARSE_LAND = {"Rømø": 0.2, "Siø": 0.2}
SCATTERED_SHARE = 0.5  # of those outside the towns, at least this share lives off the villages


@dataclass(frozen=True)
class Cells:
    """Inhabited cells: south-west corners (n, 2) in EPSG:3035 metres, kommune, persons."""

    corner: IntArray
    kommune: list[str]
    land: list[str]
    persons: IntArray
    urban_share: FloatArray
    land_share: FloatArray


def kommune_of_points(xy: FloatArray, outlines: dict[str, BaseGeometry]) -> list[str]:
    """Find the kommune whose outline holds each point (metres, EPSG:25832), or an empty string."""
    found = np.full(len(xy), "", dtype=object)
    for code, outline in outlines.items():
        shapely.prepare(outline)
        found[shapely.contains_xy(outline, xy[:, 0], xy[:, 1])] = code
    return [str(code) for code in found]


def _cells_of(
    addresses: list[Address], outlines: dict[str, BaseGeometry]
) -> tuple[IntArray, list[str], list[str], IntArray]:
    """Cells with houses, their kommune and landmass, and the cell of each house.

    The houses of a cell whose centre lies at sea go to the nearest cell of their landmass.
    """
    grid = to_grid([(a.x_m, a.y_m) for a in addresses])
    corner = (np.floor(grid / CELL_M) * CELL_M).astype(np.int64)
    unique, first, index = np.unique(corner, axis=0, return_index=True, return_inverse=True)
    land = np.array([addresses[k].land for k in first.tolist()], dtype=object)
    kommune = kommune_of_points(from_grid(unique + CELL_M / 2), outlines)
    inside = np.array([code != "" for code in kommune])
    number = np.where(inside, np.cumsum(inside) - 1, -1)
    for name in sorted(set(land[~inside].tolist())):
        there = np.flatnonzero(inside & (land == name))
        stray = np.flatnonzero(~inside & (land == name))
        number[stray] = number[there[nearest(cKDTree(unique[there]), unique[stray])[1]]]
    landed = np.flatnonzero(inside).tolist()
    return (
        unique[inside],
        [kommune[k] for k in landed],
        land[inside].tolist(),
        number[index.ravel()],
    )


def _round_to(total: int, weight: FloatArray) -> IntArray:
    """Whole numbers in proportion to the weights that add up to the total."""
    share = weight / weight.sum() * total
    whole: IntArray = np.floor(share).astype(np.int64)
    rest = np.argsort(-(share - whole), kind="stable")[: total - int(whole.sum())]
    whole[rest] += 1
    return whole


def _residents(place: Place) -> float:
    made_up = place.source == "made up"
    return place.population * (SPARSE_LAND.get(place.land, 1.0) if made_up else 1.0)


def _house_weights(addresses: list[Address], places: list[Place]) -> tuple[FloatArray, IntArray]:
    """How full each house is beside its neighbours, and its place (-1 in the country)."""
    rng = generator("households")
    place = np.array([a.place for a in addresses])
    xy = np.array([(a.x_m, a.y_m) for a in addresses])
    centre = np.array([(p.x_m, p.y_m) for p in places])
    radius = np.array([town_radius_m(p, shapely.Point(p.x_m, p.y_m).buffer(2e4)) for p in places])
    away = np.hypot(*(xy - centre[place]).T) / radius[place]
    dense = np.where(place >= 0, 0.55 + np.exp(-1.6 * away**2), 1.0)
    sparse = np.array([SPARSE_LAND.get(a.land, 1.0) for a in addresses])
    return dense * sparse * rng.gamma(2.5, 0.4, len(addresses)), place


def settle(
    addresses: list[Address],
    places: list[Place],
    outlines: dict[str, BaseGeometry],
    totals: dict[str, int],
) -> Cells:
    """Spread each kommune's total over the cells whose centre lies in its outline."""
    corner, kommune, land, cell = _cells_of(addresses, outlines)
    weight, place = _house_weights(addresses, places)
    code_of_house = np.array(kommune, dtype=object)[cell]
    town_size = np.array([_residents(p) for p in places])
    made_up = np.array([p.source == "made up" for p in places])
    houses_in = np.bincount(place[place >= 0], weights=weight[place >= 0], minlength=len(places))
    persons = np.where(place >= 0, town_size[place] * weight / houses_in[place], 0.0)
    village = (place >= 0) & made_up[place]
    town = (place >= 0) & ~made_up[place]
    result = np.zeros(len(corner), dtype=np.int64)
    urban = np.zeros(len(corner))
    for code in sorted(totals):
        here = code_of_house == code
        _fit(persons, weight, (here & town, here & village, here & (place < 0)), totals[code])
        cells = np.flatnonzero(np.array(kommune, dtype=object) == code)
        sums = np.asarray(
            np.bincount(cell[here], weights=persons[here], minlength=len(corner)), dtype=np.float64
        )
        result[cells] = _round_to(totals[code], sums[cells])
        urban += np.bincount(cell[here & town], weights=persons[here & town], minlength=len(corner))
    keep = result > 0
    share = np.clip(urban / np.maximum(result, 1), 0, 1)
    return Cells(
        corner[keep],
        [c for c, k in zip(kommune, keep, strict=True) if k],
        [name for name, k in zip(land, keep, strict=True) if k],
        result[keep],
        share[keep],
        _land_share(corner[keep], outlines),
    )


def _fit(
    persons: FloatArray, weight: FloatArray, groups: tuple[npt.NDArray[np.bool_], ...], total: int
) -> None:
    """Scale one kommune's towns and villages to leave room, fill the country with the rest."""
    town, village, country = groups
    in_towns = float(persons[town].sum())
    if in_towns > URBAN_LIMIT * total:
        persons[town] *= URBAN_LIMIT * total / in_towns
        in_towns = URBAN_LIMIT * total
    room = (1 - SCATTERED_SHARE) * (total - in_towns)
    in_villages = float(persons[village].sum())
    if in_villages > room:
        persons[village] *= room / in_villages
        in_villages = room
    rest = total - in_towns - in_villages
    persons[country] = rest * weight[country] / weight[country].sum()


def _land_share(corner: IntArray, outlines: dict[str, BaseGeometry]) -> FloatArray:
    """Share of each cell that is land of the region."""
    region = shapely.union_all(list(outlines.values()))
    shapely.prepare(region)
    squares = _squares(corner)
    share = np.ones(len(squares))
    partly = ~shapely.contains(region, squares)
    cut = shapely.intersection(squares[partly], region)
    share[partly] = shapely.area(cut) / shapely.area(squares[partly])
    return share


def on_border(cells: Cells, border: BaseGeometry) -> npt.NDArray[np.bool_]:
    """Which cells the border to Germany runs through."""
    shapely.prepare(border)
    return np.asarray(shapely.intersects(border, _squares(cells.corner)), dtype=np.bool_)


def _squares(corner: IntArray) -> npt.NDArray[np.object_]:
    """Cells as polygons in EPSG:25832."""
    ring = np.array([(0, 0), (CELL_M, 0), (CELL_M, CELL_M), (0, CELL_M)])
    corners = from_grid((corner[:, None, :] + ring).reshape(-1, 2)).reshape(-1, 4, 2)
    return np.asarray(shapely.polygons(corners), dtype=np.object_)
