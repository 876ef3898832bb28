"""A country-sized network made of Bornholm: its roads and people laid side by side.

Run as a module it writes the contracted graph and the places joined to it into
one file, so that every engine starts from the same arrays.
"""

import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.timing import SHARED, report
from coverage.network import RoadGraph, build_graph
from coverage.places import Places, join_places
from coverage.rules import load_ruleset
from coverage.snapping import Snaps
from coverage.sources.population import read_population
from coverage.sources.roads import read_roads
from coverage.tables import Roads

Floats = npt.NDArray[np.float64]

_WEST_M, _SOUTH_M = 430_000.0, 6_000_000.0
_GAP_M = 1_000.0
# Practices per tile, as 1,700 to 73 tiles.
_SITES_PER_TILE = 1_700 / 73
_SEED = 20_260_101
RULES = replace(load_ruleset("default", date(2026, 1, 1)).travel, cutoff_m=15_000.0)


def tile_roads(roads: Roads, count: int) -> tuple[Roads, Floats]:
    """Return ``count`` copies side by side, joined to one network, and their shifts.

    Neighbours are joined by a straight road from the easternmost point of the
    one to the westernmost of the other, likewise to the north.

    Returns
    -------
    roads, shifts
        Shape (count, 2): metres east and north of each copy.
    """
    shifts, columns = _shifts(roads, count)
    points = len(roads.point_x_m)
    joins = _joins(roads, count, columns)
    step_starts = np.arange(count)[:, None] * len(roads.way_point) + roads.way_start[:-1]
    ends = len(roads.way_point) * count + 2 * np.arange(len(joins) + 1)
    tiled = Roads(
        point_x_m=(roads.point_x_m + shifts[:, :1]).ravel(),
        point_y_m=(roads.point_y_m + shifts[:, 1:]).ravel(),
        point_osm_id=np.arange(points * count, dtype=np.int64),
        way_point=np.concatenate(
            [(roads.way_point + points * np.arange(count)[:, None]).ravel(), joins.ravel()]
        ).astype(np.int32),
        way_start=np.concatenate([step_starts.ravel(), ends]),
        way_direction=_repeat(roads.way_direction, count, len(joins), 0),
        way_is_ferry=_repeat(roads.way_is_ferry, count, len(joins), 0),
        way_takes_homes=_repeat(roads.way_takes_homes, count, len(joins), 1),
    )
    return tiled, shifts


def tile_people(roads: Roads, shifts: Floats) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return origins (inhabited cells) and sites (at cells drawn by their persons) of all tiles.

    Origins are in the order of the tiles, and have ``persons``.
    """
    cells, _ = read_population(SHARED / "data" / "geostat_2011_1km_dk.csv", as_of=None)
    west_m, south_m = float(roads.point_x_m.min()), float(roads.point_y_m.min())
    inside = cells["x_m"].between(west_m, float(roads.point_x_m.max()))
    inside &= cells["y_m"].between(south_m, float(roads.point_y_m.max()))
    cells = cells[inside]
    home = cells[["x_m", "y_m"]].to_numpy()
    homes = (home + shifts[:, None, :]).reshape(-1, 2)
    chance = np.random.default_rng(_SEED)
    weight = np.tile(cells["persons"].to_numpy(), len(shifts))
    count = round(_SITES_PER_TILE * len(shifts))
    drawn = chance.choice(len(homes), count, replace=False, p=weight / weight.sum())
    clinics = homes[drawn] + chance.uniform(-500.0, 500.0, (count, 2))
    return _named(homes, "origin_id").assign(persons=weight), _named(clinics, "site_id")


def write_tiles(count: int, path: Path) -> int:
    """Write graph and places; return the nodes."""
    one = read_roads(SHARED / "data" / "bornholm.osm.pbf").roads
    tiled, shifts = tile_roads(one, count)
    origins, sites = tile_people(one, shifts)
    graph = build_graph(tiled, RULES)
    arrays = {field.name: getattr(graph, field.name) for field in fields(graph)}
    for column, table in (("origin_id", origins), ("site_id", sites)):
        places = join_places(graph, table, column, RULES)
        arrays |= {f"{column}_{name}": values for name, values in _place_arrays(places).items()}
    np.savez(path, **arrays)
    return graph.node_count


def read_tiles(path: Path) -> tuple[RoadGraph, Places, Places]:
    """Return graph, origins and sites as ``write_tiles`` wrote them."""
    with np.load(path, allow_pickle=False) as arrays:
        graph = RoadGraph(**{field.name: arrays[field.name] for field in fields(RoadGraph)})
        origins, sites = (_places(arrays, column) for column in ("origin_id", "site_id"))
    return graph, origins, sites


def _shifts(roads: Roads, count: int) -> tuple[Floats, int]:
    width_m = float(np.ptp(roads.point_x_m)) + _GAP_M
    height_m = float(np.ptp(roads.point_y_m)) + _GAP_M
    columns = int(np.ceil(np.sqrt(count)))
    row, column = np.divmod(np.arange(count), columns)
    east_m = _WEST_M - roads.point_x_m.min() + width_m * column
    north_m = _SOUTH_M - roads.point_y_m.min() + height_m * row
    return np.column_stack([east_m, north_m]), columns


def _joins(roads: Roads, count: int, columns: int) -> npt.NDArray[np.int64]:
    points = len(roads.point_x_m)
    way = np.repeat(np.arange(len(roads.way_direction)), np.diff(roads.way_start))
    inside = way[1:] == way[:-1]
    ends = (roads.way_point[:-1][inside], roads.way_point[1:][inside])
    adjacency = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(points, points))
    part = connected_components(adjacency, directed=False)[1]
    main = np.flatnonzero(part == np.bincount(part).argmax())
    x_m, y_m = roads.point_x_m[main], roads.point_y_m[main]
    west, east = main[x_m.argmin()], main[x_m.argmax()]
    south, north = main[y_m.argmin()], main[y_m.argmax()]
    tile = np.arange(count)
    to_east = tile[(tile % columns < columns - 1) & (tile + 1 < count)]
    to_north = tile[tile + columns < count]
    return np.concatenate(
        [
            np.column_stack([to_east * points + east, (to_east + 1) * points + west]),
            np.column_stack([to_north * points + north, (to_north + columns) * points + south]),
        ]
    )


def _repeat(values: np.ndarray, count: int, more: int, fill: int) -> np.ndarray:
    return np.concatenate([np.tile(values, count), np.full(more, fill, dtype=values.dtype)])


def _named(points: Floats, column: str) -> pd.DataFrame:
    ids = pd.Series(range(len(points))).astype("str")
    return pd.DataFrame({column: ids, "x_m": points[:, 0], "y_m": points[:, 1]})


def _place_arrays(places: Places) -> dict[str, np.ndarray]:
    snaps = places.snaps
    return {
        "x_m": places.x_m,
        "y_m": places.y_m,
        "edge": snaps.edge,
        "position_m": snaps.position_m,
        "snap_leg_m": snaps.leg_m,
        "leg_m": places.leg_m,
    }


def _places(arrays: Mapping[str, np.ndarray], column: str) -> Places:
    x_m, y_m, edge, position_m, snap_leg_m, leg_m = (
        arrays[f"{column}_{name}"]
        for name in ("x_m", "y_m", "edge", "position_m", "snap_leg_m", "leg_m")
    )
    ids = pd.Index(pd.Series(range(len(edge))).astype("str"), name=column)
    return Places(ids, x_m, y_m, Snaps(edge, position_m, snap_leg_m), leg_m)


if __name__ == "__main__":
    report(lambda: write_tiles(int(sys.argv[1]), Path(sys.argv[2])))
