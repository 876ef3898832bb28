"""Road tables drawn with letters: points on a 100 m grid, ways as strings of letters.

On UTM's central meridian the map is drawn at 0.9996, so the grid is set at 99.96
map metres and a step is 100 m on the ground (east-west to a tenth of a millimetre).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.network import RoadGraph, build_graph
from coverage.places import join_places
from coverage.rule_groups import TravelRules
from coverage.tables import Roads
from coverage.travel import measure_travel
from tests.straight_road import MAP_SCALE, MERIDIAN_M, RULES, SOUTH_M

STEP_M = 100.0


@dataclass(frozen=True)
class Way:
    """A way through lettered points."""

    points: str
    direction: int = 0
    ferry: bool = False
    takes_homes: bool = True


def place(column: float, row: float) -> tuple[float, float]:
    """Return the point of EPSG:25832 so many 100 m steps east and north."""
    return MERIDIAN_M + column * STEP_M * MAP_SCALE, SOUTH_M + row * STEP_M * MAP_SCALE


def letters_of(rows: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return column and row (counted from the bottom) of every letter in a drawing."""
    return {
        letter: (column, row)
        for row, line in enumerate(reversed(rows))
        for column, letter in enumerate(line)
        if letter != " "
    }


def draw(rows: Sequence[str], ways: Sequence[Way]) -> Roads:
    """Return a road table of a drawing."""
    letters = letters_of(rows)
    names = sorted(letters)
    points = np.array([place(*letters[name]) for name in names])
    indices = [names.index(letter) for way in ways for letter in way.points]
    return Roads(
        point_x_m=points[:, 0],
        point_y_m=points[:, 1],
        point_osm_id=np.array([ord(name) for name in names], dtype=np.int64),
        way_point=np.array(indices, dtype=np.int32),
        way_start=np.cumsum([0, *(len(way.points) for way in ways)]),
        way_direction=np.array([way.direction for way in ways], dtype=np.int8),
        way_is_ferry=np.array([way.ferry for way in ways]),
        way_takes_homes=np.array([way.takes_homes and not way.ferry for way in ways]),
    )


def table_at(places: Mapping[str, tuple[float, float]], id_column: str) -> pd.DataFrame:
    """Return a table of places given in steps."""
    points = [place(*steps) for steps in places.values()]
    return pd.DataFrame(
        {
            id_column: list(places),
            "x_m": [x for x, _ in points],
            "y_m": [y for _, y in points],
        }
    )


def distances(
    graph: RoadGraph,
    homes: Mapping[str, tuple[float, float]],
    sites: Mapping[str, tuple[float, float]],
    rules: TravelRules = RULES.travel,
    cutoff_m: float = 30_000.0,
) -> dict[str, float]:
    """Return ``{"home-site": metres}`` of the pairs that are within the cutoff."""
    pairs = measure_travel(
        graph,
        join_places(graph, table_at(homes, "origin_id"), "origin_id", rules),
        join_places(graph, table_at(sites, "site_id"), "site_id", rules),
        cutoff_m,
    ).pairs()
    return {f"{row.origin_id}-{row.site_id}": row.distance_m for row in pairs.itertuples()}


__all__ = ["STEP_M", "Way", "build_graph", "distances", "draw", "letters_of", "place", "table_at"]
