"""Networks of osmnx: what is read of them, and that writing and reading changes no distance."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import osmnx as ox
import pandas as pd
import pytest
from shapely import LineString

from coverage.errors import (
    CrsError,
    DuplicateIdError,
    EmptyTableError,
    LaegedaekningError,
    MissingFileError,
    OutputError,
    UnreadableFileError,
)
from coverage.network import build_graph
from coverage.places import join_places
from coverage.sources.graphml import is_graphml, read_graphml, write_graphml
from coverage.tables import Roads
from coverage.travel import measure_travel
from coverage.units import LONLAT_EPSG, WORK_EPSG, ground_distance_m, reproject
from tests.drawn_roads import Way, draw, place
from tests.straight_road import RULES

# A town with a bit of everything: a one-way street (bc), a roundabout (dehg), parallel
# roads (ab, straight and by fm), a loop at c, a ferry (ei), a motorway (iv), a ring
# that touches nothing (rstu), and a street of its own (xyz).
TOWN = [
    "fm     ",
    "ab c k ",
    "  p  lq",
    " de i v",
    " gh    ",
    "    rs ",
    "xy zut ",
]
TOWN_WAYS = [
    Way("ab"),
    Way("afmb"),
    Way("ad"),
    Way("bc", direction=1),
    Way("cklqc"),
    Way("bpd"),
    Way("dehgd", direction=1),
    Way("cpe", direction=-1),
    Way("ei", ferry=True, takes_homes=False),
    Way("iv", direction=1, takes_homes=False),
    Way("vq"),
    Way("rstur"),
    Way("xyz"),
]
TRAVEL = replace(RULES.travel, min_component_m=0.0, open_one_way_traps=False)


def distances(roads: Roads, *, use_ferries: bool) -> "pd.Series[float]":
    """Return metres between spots all over the town, absent where no road leads."""
    rules = replace(TRAVEL, use_ferries=use_ferries)
    graph = build_graph(roads, rules)
    # Off the grid's lines and diagonals, so that no spot is equally near to two roads.
    spots = itertools.product(np.arange(0.13, 7.0, 0.47), np.arange(0.08, 7.0, 0.91))
    table = pd.DataFrame([place(column, row) for column, row in spots], columns=["x_m", "y_m"])
    for column in ("origin_id", "site_id"):
        table[column] = pd.Series(range(len(table))).astype("str")
    homes = join_places(graph, table, "origin_id", rules)
    matrix = measure_travel(graph, homes, join_places(graph, table, "site_id", rules), 100_000.0)
    assert matrix.pair_count > len(table)
    return matrix.pairs().set_index(["origin_id", "site_id"])["distance_m"].sort_index()


@pytest.fixture
def town() -> Roads:
    return draw(TOWN, TOWN_WAYS)


@pytest.fixture
def town_file(town: Roads, tmp_path: Path) -> Path:
    path = tmp_path / "town.graphml"
    write_graphml(town, path)
    return path


# --- writing and reading --------------------------------------------------------------


@pytest.mark.parametrize("use_ferries", [False, True])
def test_a_round_trip_changes_no_distance(
    town: Roads, town_file: Path, *, use_ferries: bool
) -> None:
    before = distances(town, use_ferries=use_ferries)
    after = distances(read_graphml(town_file).roads, use_ferries=use_ferries)
    # A millimetre an edge, and the town has some thirty.
    pd.testing.assert_series_equal(before, after, check_exact=False, rtol=0, atol=0.03)


def test_a_round_trip_through_degrees_changes_no_distance(
    town: Roads, town_file: Path, tmp_path: Path
) -> None:
    degrees = ox.project_graph(ox.load_graphml(town_file), to_latlong=True)
    path = tmp_path / "degrees.graphml"
    ox.save_graphml(degrees, path)
    before = distances(town, use_ferries=True)
    after = distances(read_graphml(path).roads, use_ferries=True)
    pd.testing.assert_series_equal(before, after, check_exact=False, rtol=0, atol=0.03)


def test_a_second_round_trip_changes_nothing(town_file: Path, tmp_path: Path) -> None:
    once = read_graphml(town_file)
    write_graphml(once.roads, tmp_path / "again.graphml")
    again = read_graphml(tmp_path / "again.graphml")
    assert again.provenance.rows_kept == once.provenance.rows_kept
    pd.testing.assert_series_equal(
        distances(once.roads, use_ferries=True), distances(again.roads, use_ferries=True)
    )


def test_osmnx_opens_what_is_written(town: Roads, town_file: Path) -> None:
    network = ox.load_graphml(town_file)
    assert isinstance(network, nx.MultiDiGraph)
    nodes, edges = ox.graph_to_gdfs(network)
    edges = edges.sort_index()
    assert nodes.crs.to_epsg() == WORK_EPSG
    # Simplified: the bends of afmb are no nodes, its line is kept.
    assert not {ord("f"), ord("m")} & set(nodes.index)
    bent = edges.loc[(ord("a"), ord("b"))].sort_values("length")
    assert bent["length"].tolist() == pytest.approx([100.0, 300.0], abs=0.01)
    assert edges.loc[(ord("b"), ord("c")), "oneway"].all()
    assert (ord("c"), ord("b")) not in edges.index
    assert edges[edges["route"] == "ferry"].index.droplevel(2).tolist() == [
        (ord("e"), ord("i")),
        (ord("i"), ord("e")),
    ]
    # Every component is there, the ring too.
    assert nx.number_weakly_connected_components(network) == 3
    driven = edges[~edges["oneway"]]["length"].sum() / 2 + edges[edges["oneway"]]["length"].sum()
    every_metre = build_graph(town, replace(TRAVEL, use_ferries=True)).edge_length_m.sum()
    assert driven == pytest.approx(every_metre, abs=0.01)


def test_the_account_adds_up(town_file: Path) -> None:
    account = read_graphml(town_file).provenance
    kept_and_merged = account.rows_kept + account.merged_rows
    assert account.rows_read == kept_and_merged == len(ox.load_graphml(town_file).edges)
    assert account.merged_rows > 0
    assert account.dropped == {}


def test_points_that_share_an_id_are_refused(town: Roads, tmp_path: Path) -> None:
    double = replace(town, point_osm_id=np.full_like(town.point_osm_id, 7))
    with pytest.raises(DuplicateIdError, match=r"1 row: 7"):
        write_graphml(double, tmp_path / "town.graphml")


def test_a_place_that_cannot_be_written_to(town: Roads, tmp_path: Path) -> None:
    folder = tmp_path / "town.graphml"
    folder.mkdir()
    with pytest.raises(OutputError, match="cannot be written") as caught:
        write_graphml(town, folder)
    assert caught.value.hint


# --- networks of others ---------------------------------------------------------------

SPOTS = {1: (10.40, 55.40), 2: (10.41, 55.40), 3: (10.42, 55.41)}
Edge = tuple[int, int, Mapping[str, object]]


def save(path: Path, edges: list[Edge], *, crs: str | None = "epsg:4326") -> Path:
    """Save nodes 1, 2 and 3 at Odense, in degrees, and edges between them."""
    network = nx.MultiDiGraph()
    if crs:
        network.graph["crs"] = crs
    for node, (lon, lat) in SPOTS.items():
        network.add_node(node, x=lon, y=lat)
    network.add_edges_from((u, v, dict(edge)) for u, v, edge in edges)
    ox.save_graphml(network, path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roads.graphml"


def test_a_pair_of_edges_becomes_one_two_way_road(path: Path) -> None:
    found = read_graphml(save(path, [(1, 2, {}), (2, 1, {}), (2, 3, {})]))
    assert found.roads.way_direction.tolist() == [0, 1]
    assert found.roads.point_osm_id.tolist() == [1, 2, 3]
    assert found.addresses.empty
    assert found.provenance.merged_rows == 1


def test_two_carriageways_with_lines_of_their_own_stay_two(path: Path) -> None:
    north = LineString([SPOTS[1], (10.405, 55.402), SPOTS[2]])
    south = LineString([SPOTS[2], (10.405, 55.398), SPOTS[1]])
    edges: list[Edge] = [(1, 2, {"geometry": north}), (2, 1, {"geometry": south})]
    assert read_graphml(save(path, edges)).roads.way_direction.tolist() == [1, 1]
    edges.append((2, 1, {"geometry": north.reverse()}))
    assert read_graphml(save(path, edges)).roads.way_direction.tolist() == [0, 1]


def test_lines_are_read_from_degrees_and_in_their_direction(path: Path) -> None:
    line = LineString([SPOTS[1], (10.405, 55.402), SPOTS[2]])
    roads = read_graphml(save(path, [(1, 2, {"geometry": line})])).roads
    x_m, y_m = reproject(*np.array(line.coords).T, from_epsg=LONLAT_EPSG)
    assert roads.point_x_m[roads.way_point] == pytest.approx(x_m)
    assert roads.point_y_m[roads.way_point] == pytest.approx(y_m)
    # Points that no node of the file has are numbered as new ones are: below zero.
    assert roads.point_osm_id[roads.way_point].tolist() == [1, -1, 2]


def test_an_undirected_network_is_two_way_whichever_end_its_lines_start_at(path: Path) -> None:
    network = nx.MultiGraph(crs="epsg:4326")
    for node, (lon, lat) in SPOTS.items():
        network.add_node(node, x=lon, y=lat)
    backwards = LineString([SPOTS[2], (10.405, 55.402), SPOTS[1]])
    network.add_edge(1, 2, geometry=backwards)
    network.add_edge(2, 3)
    ox.save_graphml(network, path)
    roads = read_graphml(path).roads
    assert roads.way_direction.tolist() == [0, 0]
    x_m, y_m = roads.point_x_m[roads.way_point[:3]], roads.point_y_m[roads.way_point[:3]]
    steps_m = ground_distance_m(x_m[:-1], y_m[:-1], x_m[1:], y_m[1:])
    assert steps_m.max() < 450


def test_nodes_may_have_names(path: Path) -> None:
    network = nx.MultiDiGraph(crs="epsg:4326")
    network.add_node("Torvet", x=10.40, y=55.40)
    network.add_node("Havnen", x=10.41, y=55.40)
    network.add_edge("Torvet", "Havnen")
    ox.save_graphml(network, path)
    assert read_graphml(path).roads.point_osm_id.tolist() == [-1, -2]


@pytest.mark.parametrize(
    ("tags", "ferry", "homes"),
    [
        ({}, False, True),
        ({"highway": "residential"}, False, True),
        ({"highway": ["residential", "footway"]}, False, True),
        ({"highway": "motorway"}, False, False),
        ({"route": "ferry"}, True, False),
        ({"highway": "service", "route": "ferry"}, True, False),
        ({"access": ["private", "yes"]}, False, True),
        ({"takes_homes": "False"}, False, False),
    ],
    ids=str,
)
def test_kinds_of_edges(
    path: Path, tags: Mapping[str, object], *, ferry: bool, homes: bool
) -> None:
    roads = read_graphml(save(path, [(1, 2, tags)])).roads
    assert roads.way_is_ferry.tolist() == [ferry]
    assert roads.way_takes_homes.tolist() == [homes]


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        ((1, 2, {"highway": "footway"}), "not a road for cars"),
        ((1, 2, {"highway": ["footway", "steps"]}), "not a road for cars"),
        ((1, 2, {"highway": "service", "access": "private"}), "closed to cars"),
        ((1, 2, {"route": "ferry", "motor_vehicle": "no"}), "closed to cars"),
        ((1, 1, {}), "a loop without a line"),
    ],
    ids=str,
)
def test_edges_that_are_no_roads_are_dropped_with_the_reason(
    path: Path, edge: Edge, reason: str
) -> None:
    account = read_graphml(save(path, [(2, 3, {}), edge])).provenance
    assert (account.rows_read, account.rows_kept) == (2, 1)
    assert account.dropped == {reason: 1}


def test_a_length_that_the_line_does_not_have_is_noted(path: Path) -> None:
    edges: list[Edge] = [(1, 2, {"length": 900.0}), (2, 3, {"length": 1_279.0}), (1, 3, {})]
    notes = read_graphml(save(path, edges)).provenance.notes
    assert notes[0].startswith("1 edges have a length that their line does not have")


# --- files that cannot be used --------------------------------------------------------


def test_is_graphml() -> None:
    assert is_graphml(Path("roads.graphml"))
    assert is_graphml(Path("ROADS.GraphML"))
    assert not is_graphml(Path("roads.osm.pbf"))


def failure_of(path: Path, kind: type[LaegedaekningError], exit_code: int) -> str:
    with pytest.raises(kind) as caught:
        read_graphml(path)
    assert caught.value.exit_code == exit_code
    assert caught.value.hint
    assert path.name in str(caught.value)
    return str(caught.value)


def test_a_missing_file(path: Path) -> None:
    assert "is not there" in failure_of(path, MissingFileError, 10)


def test_an_empty_file(path: Path) -> None:
    path.touch()
    assert "is empty" in failure_of(path, UnreadableFileError, 11)


def test_a_web_page(path: Path) -> None:
    path.write_text("<!doctype html><p>Log in")
    assert "is a web page" in failure_of(path, UnreadableFileError, 11)


@pytest.mark.parametrize(
    "text",
    [
        "u,v,length\n1,2,100\n",
        "<graphml><graph>",
        "<gpx><trk/></gpx>",
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"></graphml>',
    ],
)
def test_another_kind_of_file(path: Path, text: str) -> None:
    path.write_text(text)
    assert "osmnx.save_graphml" in failure_of(path, UnreadableFileError, 11)


def test_a_network_without_coordinates(path: Path) -> None:
    network = nx.MultiDiGraph(crs="epsg:4326")
    network.add_edge(1, 2)
    ox.save_graphml(network, path)
    assert "x and y" in failure_of(path, UnreadableFileError, 11)


@pytest.mark.parametrize("edges", [[], [(1, 2, {"highway": "footway"})]], ids=["none", "footway"])
def test_a_network_without_roads(path: Path, edges: list[Edge]) -> None:
    message = failure_of(save(path, edges), EmptyTableError, 15)
    assert f"({len(edges)} edges read)" in message


@pytest.mark.parametrize("crs", [None, "EPSG:999999", "a map of my own"])
def test_a_network_without_a_usable_coordinate_system(path: Path, crs: str | None) -> None:
    message = failure_of(save(path, [(1, 2, {})], crs=crs), CrsError, 24)
    assert "project_graph" in message


def test_metres_that_claim_to_be_degrees(path: Path) -> None:
    network = nx.MultiDiGraph(crs="epsg:4326")
    network.add_node(1, x=588_800.0, y=6_140_400.0)
    network.add_node(2, x=588_900.0, y=6_140_400.0)
    network.add_edge(1, 2)
    ox.save_graphml(network, path)
    assert "do not fit" in failure_of(path, CrsError, 24)
