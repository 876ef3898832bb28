"""One straight road due north on UTM's central meridian, where lengths are easy.

There the map is drawn at exactly 0.9996, so 9,996 map metres are 10,000 m on
the ground: homes and practices can be set to the millimetre.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from coverage.network import RoadGraph, build_graph
from coverage.places import join_places
from coverage.rules import RuleSet, load_ruleset
from coverage.tables import Roads
from coverage.travel import TravelMatrix, measure_travel

MERIDIAN_M = 500_000.0
SOUTH_M = 6_200_000.0
MAP_SCALE = 0.9996
RULES: RuleSet = load_ruleset("default", date(2026, 1, 1))


def map_y_m(ground_m: float) -> float:
    """Return the northing of a point so many ground metres up the road."""
    return SOUTH_M + ground_m * MAP_SCALE


@cache
def road(length_m: float = 60_000.0) -> RoadGraph:
    """Return the road as a graph."""
    y_m = np.array([map_y_m(at_m) for at_m in np.linspace(0, length_m, 61)])
    roads = Roads(
        point_x_m=np.full(61, MERIDIAN_M),
        point_y_m=y_m,
        point_osm_id=np.arange(61, dtype=np.int64),
        way_point=np.arange(61, dtype=np.int32),
        way_start=np.array([0, 61]),
        way_direction=np.zeros(1, dtype=np.int8),
        way_is_ferry=np.zeros(1, dtype=bool),
        way_takes_homes=np.ones(1, dtype=bool),
    )
    return build_graph(roads, RULES.travel)


def origins_at(homes: Mapping[str, float], *, kommune_code: str = "0461") -> pd.DataFrame:
    """Return table ORIGINS of homes at so many ground metres up the road, 100 persons each."""
    return pd.DataFrame(
        {
            "origin_id": list(homes),
            "cell_id": list(homes),
            "kommune_code": kommune_code,
            "x_m": MERIDIAN_M,
            "y_m": [map_y_m(at_m) for at_m in homes.values()],
            "persons": 100.0,
        }
    )


def sites_at(practices: Mapping[str, float]) -> pd.DataFrame:
    """Return practices at so many ground metres up the road."""
    return pd.DataFrame(
        {
            "site_id": list(practices),
            "x_m": MERIDIAN_M,
            "y_m": [map_y_m(at_m) for at_m in practices.values()],
        }
    )


def matrix_of(
    homes: pd.DataFrame, sites: pd.DataFrame, *, cutoff_m: float = 30_000.0
) -> TravelMatrix:
    """Return the road distances between them."""
    graph = road()
    return measure_travel(
        graph,
        join_places(graph, homes, "origin_id", RULES.travel),
        join_places(graph, sites, "site_id", RULES.travel),
        cutoff_m,
    )
