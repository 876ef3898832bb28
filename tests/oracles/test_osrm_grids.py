"""Published distances: OSRM's own test grids (its distance_matrix.feature, BSD-2)."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coverage.network import build_graph
from coverage.places import join_places
from coverage.rules import load_ruleset
from coverage.tables import Roads
from coverage.travel import TravelMatrix, measure_travel
from coverage.units import scale_factor
from tests.shared_files import shared

STEP_M = 100.0
WEST_M, NORTH_M = 600_000.0, 6_200_000.0


@pytest.fixture(scope="module")
def grids() -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        shared("oracles/osrm_distance_grids.json").read_text("utf-8")
    )
    return answer


def measure(rows: Sequence[str], edges: Mapping[str, str]) -> TravelMatrix:
    """Measure between all nodes of a grid; edges map "ab" to open or toll (a ferry to us)."""
    names = sorted("".join(rows))
    map_m = STEP_M * float(scale_factor(WEST_M))
    at = {
        name: (WEST_M + map_m * column, NORTH_M - map_m * row)
        for row, line in enumerate(rows)
        for column, name in enumerate(line)
    }
    count = len(edges)
    roads = Roads(
        point_x_m=np.array([at[name][0] for name in names]),
        point_y_m=np.array([at[name][1] for name in names]),
        point_osm_id=np.arange(len(names), dtype=np.int64),
        way_point=np.array([names.index(end) for edge in edges for end in edge], dtype=np.int32),
        way_start=np.arange(count + 1, dtype=np.int64) * 2,
        way_direction=np.zeros(count, dtype=np.int8),
        way_is_ferry=np.array([kind == "toll" for kind in edges.values()], dtype=np.bool_),
        way_takes_homes=np.ones(count, dtype=np.bool_),
    )
    rules = replace(
        load_ruleset("default", date(2026, 1, 1)).travel, use_ferries=False, min_component_m=0.0
    )
    graph = build_graph(roads, rules)
    table = pd.DataFrame({"id": names, "x_m": roads.point_x_m, "y_m": roads.point_y_m})
    homes = join_places(graph, table.rename(columns={"id": "origin_id"}), "origin_id", rules)
    sites = join_places(graph, table.rename(columns={"id": "site_id"}), "site_id", rules)
    return measure_travel(graph, homes, sites, rules.cutoff_m)


def test_the_grid_of_six_has_the_published_distances(grids: dict[str, Any]) -> None:
    grid = grids["grid_2x3"]
    matrix = measure(grid["rows"], dict.fromkeys(grid["edges"], "open"))
    for origin, row in grid["expected"].items():
        for site, metres in row.items():
            found = matrix.distances_to(site)[origin]
            assert found == pytest.approx(metres, abs=grid["tolerance"]), (origin, site)


def test_links_that_do_not_count_split_the_network(grids: dict[str, Any]) -> None:
    grid = grids["exclude_toll"]
    matrix = measure(grid["rows"], grid["edges"])
    for pair, metres in grid["expected"].items():
        origin, site = pair.split("-")
        found = matrix.distances_to(site)[origin]
        if metres is None:
            assert math.isnan(found), pair
        else:
            assert found == pytest.approx(metres, abs=0.2), pair
    # No road is an answer of its own: never zero metres, and never a site.
    far = matrix.nearest_two(["b", "d"]).loc["a"]
    assert far["first_site_id"] == "b"
    assert math.isnan(far["second_m"])
