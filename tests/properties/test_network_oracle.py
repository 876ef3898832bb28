"""Road distances against an independent, slow and obvious calculation.

The oracle keeps every point of the road file as a node of a networkx graph and
splits the nearest step of the nearest road at each home and practice. It knows
nothing of contraction, chains, doors or sparse matrices.
"""

import itertools
import math
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from coverage.network import build_graph
from coverage.places import join_places
from coverage.rule_groups import TravelRules
from coverage.search import search_nearest_two
from coverage.sources.graphml import read_graphml, write_graphml
from coverage.tables import Roads
from coverage.travel import TravelMatrix, measure_travel
from coverage.units import ground_distance_m

# Near the central meridian the map's scale hardly changes along a road, so that
# a place's share of a road on the map is its share on the ground.
WEST_M, SOUTH_M, SIZE_M = 500_000.0, 6_200_000.0, 4_000.0
# Both sides round to the millimetre.
NEAR_M = 0.002
# Nearer than this to two different roads, a place may join either.
TIE_M = 1e-6

RULES = TravelRules(
    use_ferries=False,
    count_legs=True,
    max_leg_m=2_000.0,
    min_component_m=0.0,
    cutoff_m=8_000.0,
    max_shore_m=0.0,
    open_one_way_traps=False,
)

thorough = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)


# --- drawing road files ---------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    points: tuple[int, ...]
    direction: int
    kind: str = "road"


def roads_of(coordinates: list[tuple[float, float]], ways: list[Way]) -> Roads:
    x, y = np.array(coordinates, dtype=np.float64).reshape(-1, 2).T
    return Roads(
        point_x_m=WEST_M + x,
        point_y_m=SOUTH_M + y,
        point_osm_id=np.arange(len(coordinates), dtype=np.int64) + 1,
        way_point=np.array([p for way in ways for p in way.points], dtype=np.int32),
        way_start=np.cumsum([0, *(len(way.points) for way in ways)], dtype=np.int64),
        way_direction=np.array([way.direction for way in ways], dtype=np.int8),
        way_is_ferry=np.array([way.kind == "ferry" for way in ways], dtype=np.bool_),
        way_takes_homes=np.array([way.kind == "road" for way in ways], dtype=np.bool_),
    )


@st.composite
def drawn_roads(draw: st.DrawFn) -> Roads:
    """Draw junctions, some at one place, and ways between them with bends of their own."""
    metre = st.floats(0.0, SIZE_M, allow_nan=False).map(lambda value: round(value, 2))
    coordinates = draw(st.lists(st.tuples(metre, metre), min_size=2, max_size=9))
    if draw(st.booleans()):  # two points at one place: a step of no length, or a bridge
        coordinates.append(coordinates[0])
    junction = st.integers(0, len(coordinates) - 1)
    ways = []
    for _ in range(draw(st.integers(1, 9))):
        points = draw(st.lists(junction, min_size=2, max_size=4))
        bends = draw(st.lists(st.tuples(metre, metre), max_size=3))
        at = draw(st.integers(1, len(points) - 1))
        points[at:at] = range(len(coordinates), len(coordinates) + len(bends))
        coordinates += bends
        if draw(st.booleans()) and len(points) > 2:  # a loop
            points.append(points[0])
        kind = draw(st.sampled_from(["road"] * 6 + ["motorway", "ferry"]))
        for piece in draw(pieces(points)):
            direction = 0 if kind == "ferry" else draw(st.sampled_from([0, 0, 0, 1, 1, -1, -1]))
            ways.append(Way(tuple(piece), direction, kind))
    return roads_of(coordinates, ways)


@st.composite
def pieces(draw: st.DrawFn, points: list[int]) -> list[list[int]]:
    """Draw a way whole or cut in two, each piece with its first point first or last."""
    cut = draw(st.integers(0, len(points) - 1))
    parts = [part for part in (points[: cut + 1], points[cut:]) if len(part) > 1]
    return [part[::-1] if draw(st.booleans()) else part for part in parts]


@dataclass(frozen=True)
class Scene:
    roads: Roads
    origins: pd.DataFrame
    sites: pd.DataFrame


@st.composite
def drawn_scenes(draw: st.DrawFn) -> Scene:
    """Draw roads, and places of which every other lies at or near a point of them."""
    roads = draw(drawn_roads())
    return Scene(
        roads, draw(drawn_places("origin_id", roads)), draw(drawn_places("site_id", roads))
    )


@st.composite
def drawn_places(draw: st.DrawFn, column: str, roads: Roads) -> pd.DataFrame:
    metre = st.floats(-500.0, SIZE_M + 500.0, allow_nan=False)
    anywhere = st.tuples(metre.map(lambda x: WEST_M + x), metre.map(lambda y: SOUTH_M + y))
    aside = st.sampled_from([0.0, 0.0, -13.7, 41.3])
    near = st.tuples(st.integers(0, len(roads.point_x_m) - 1), aside, aside).map(
        lambda at: (roads.point_x_m[at[0]] + at[1], roads.point_y_m[at[0]] + at[2])
    )
    places = draw(st.lists(st.one_of(anywhere, near), max_size=7))
    x, y = np.array(places, dtype=np.float64).reshape(-1, 2).T
    ids = pd.Series([f"{column[0]}{number}" for number in range(len(places))], dtype="str")
    return pd.DataFrame({column: ids, "x_m": x, "y_m": y})


drawn_rules = st.builds(
    replace,
    st.just(RULES),
    use_ferries=st.booleans(),
    count_legs=st.booleans(),
    max_leg_m=st.sampled_from([300.0, 2_000.0]),
    min_component_m=st.sampled_from([0.0, 2_500.0]),
    cutoff_m=st.sampled_from([1_000.0, 3_000.0, 8_000.0, 100_000.0]),
)


# --- the oracle -----------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One straight piece of a way, between two points of the file."""

    number: int
    start: int
    end: int
    direction: int
    kind: str


@dataclass(frozen=True)
class Foot:
    """Where a place joins the roads: at a point of the file, or inside a step."""

    step: int
    share: float
    leg_m: float


class Oracle:
    """The distances of a road file, from every point of it."""

    def __init__(self, roads: Roads, rules: TravelRules) -> None:
        self.rules = rules
        self.x, self.y = roads.point_x_m, roads.point_y_m
        self.steps = list(self._steps_of(roads))
        self.feet: dict[str, Foot] = {}
        streets = nx.MultiGraph()
        streets.add_edges_from(
            (step.start, step.end, {"m": self.length_m(step)}) for step in self.steps
        )
        self.component_m = {
            point: streets.subgraph(points).size("m")
            for points in nx.connected_components(streets)
            for point in points
        }

    def _steps_of(self, roads: Roads) -> Iterator[Step]:
        numbers = itertools.count()
        for way, direction in enumerate(roads.way_direction):
            kind = "road" if roads.way_takes_homes[way] else "motorway"
            kind = "ferry" if roads.way_is_ferry[way] else kind
            points = roads.way_point[roads.way_start[way] : roads.way_start[way + 1]].tolist()
            for start, end in itertools.pairwise(points):
                if start != end and (kind != "ferry" or self.rules.use_ferries):
                    yield Step(next(numbers), start, end, int(direction), kind)

    def length_m(self, step: Step, share: float = 1.0) -> float:
        x, y = self.along(step, share)
        return float(ground_distance_m(self.x[step.start], self.y[step.start], x, y))

    def along(self, step: Step, share: float) -> tuple[float, float]:
        x = self.x[step.start] + share * (self.x[step.end] - self.x[step.start])
        y = self.y[step.start] + share * (self.y[step.end] - self.y[step.start])
        return float(x), float(y)

    def join(self, name: str, x: float, y: float) -> None:
        """Find the nearest step; short unconnected bits only where nothing else is near."""
        roads = [step for step in self.steps if step.kind == "road"]
        long = [s for s in roads if self.component_m[s.start] >= self.rules.min_component_m]
        short = [s for s in roads if self.component_m[s.start] < self.rules.min_component_m]
        for steps in (long, short):
            feet = [self.foot_on(step, x, y) for step in steps]
            feet = [foot for foot in feet if foot.leg_m <= self.rules.max_leg_m]
            if feet:
                nearest = min(feet, key=lambda foot: foot.leg_m)
                self._assume_no_tie(nearest, feet)
                self.feet[name] = nearest
                return

    def foot_on(self, step: Step, x: float, y: float) -> Foot:
        x1, y1 = self.along(step, 0.0)
        dx, dy = self.x[step.end] - x1, self.y[step.end] - y1
        square = dx * dx + dy * dy
        share = 0.0 if square == 0.0 else ((x - x1) * dx + (y - y1) * dy) / square
        share = min(max(share, 0.0), 1.0)
        # At a point of the file but for the last bits of a float.
        share = (
            round(share) * 1.0 if abs(share - round(share)) * math.sqrt(square) < TIE_M else share
        )
        fx, fy = self.along(step, share)
        return Foot(step.number, share, float(ground_distance_m(x, y, fx, fy)))

    def node_of(self, foot: Foot) -> object:
        """Return the point of the file at the foot, or a node for this spot of the step."""
        step = self.steps[foot.step]
        return {0.0: step.start, 1.0: step.end}.get(foot.share, (foot.step, foot.share))

    def _assume_no_tie(self, nearest: Foot, feet: list[Foot]) -> None:
        """Leave out places that are equally near to two roads, unless at their junction."""
        tied = {self.node_of(f) for f in feet if f.leg_m - nearest.leg_m < TIE_M}
        assume(len(tied) == 1)

    def graph(self) -> nx.MultiDiGraph:
        """Return every point of the file and every foot, joined as traffic may run."""
        graph = nx.MultiDiGraph()
        for step in self.steps:
            shares = {foot.share for foot in self.feet.values() if foot.step == step.number}
            stops = [
                (share, self.node_of(Foot(step.number, share, 0.0)))
                for share in sorted({0.0, 1.0, *shares})
            ]
            for (share, one), (next_share, other) in itertools.pairwise(stops):
                metres = (next_share - share) * self.length_m(step)
                # To the program, spots of one road within half a millimetre are one.
                assume(not 0.0 < metres < NEAR_M)
                if step.direction >= 0:
                    graph.add_edge(one, other, m=metres)
                if step.direction <= 0:
                    graph.add_edge(other, one, m=metres)
        for name, foot in self.feet.items():
            leg_m = foot.leg_m if self.rules.count_legs else 0.0
            graph.add_edge(("from", name), self.node_of(foot), m=leg_m)
            graph.add_edge(self.node_of(foot), ("to", name), m=leg_m)
        return graph


@dataclass(frozen=True)
class Expected:
    metres: pd.DataFrame  # origins x sites, inf where no road leads
    weakly: pd.DataFrame  # origins x sites: a road joins them, directions ignored


def expected_distances(
    roads: Roads, rules: TravelRules, origins: pd.DataFrame, sites: pd.DataFrame
) -> Expected:
    oracle = Oracle(roads, rules)
    for column, table in (("origin_id", origins), ("site_id", sites)):
        for row in table.to_dict("records"):
            oracle.join(row[column], row["x_m"], row["y_m"])
    graph = oracle.graph()
    index, columns = list(origins["origin_id"]), list(sites["site_id"])
    metres = pd.DataFrame(np.inf, index=index, columns=columns)
    weakly = pd.DataFrame(data=False, index=index, columns=columns)
    part = {n: k for k, nodes in enumerate(nx.weakly_connected_components(graph)) for n in nodes}
    for origin in set(index) & oracle.feet.keys():
        reached = nx.single_source_dijkstra_path_length(graph, ("from", origin), weight="m")
        for site in set(columns) & oracle.feet.keys():
            metres.loc[origin, site] = reached.get(("to", site), np.inf)
            weakly.loc[origin, site] = part["from", origin] == part["to", site]
    return Expected(metres, weakly)


def measured(
    roads: Roads, rules: TravelRules, origins: pd.DataFrame, sites: pd.DataFrame
) -> TravelMatrix:
    graph = build_graph(roads, rules)
    homes = join_places(graph, origins, "origin_id", rules)
    return measure_travel(graph, homes, join_places(graph, sites, "site_id", rules), rules.cutoff_m)


def pairs_of(matrix: TravelMatrix) -> dict[tuple[str, str], float]:
    table = matrix.pairs()
    return dict(
        zip(
            zip(table["origin_id"], table["site_id"], strict=True), table["distance_m"], strict=True
        )
    )


def assert_same(found: dict[tuple[str, str], float], metres: pd.DataFrame, cutoff_m: float) -> None:
    """Compare all pairs, but for those on the line, where a millimetre decides."""
    for origin, site in itertools.product(metres.index, metres.columns):
        expected_m = metres.loc[origin, site]
        if abs(expected_m - cutoff_m) < NEAR_M:
            continue
        if expected_m > cutoff_m:
            assert (origin, site) not in found, (expected_m, found[origin, site])
        else:
            assert found[origin, site] == pytest.approx(expected_m, abs=NEAR_M)


# --- against the oracle ---------------------------------------------------------------


@thorough
@given(drawn_scenes(), drawn_rules)
def test_distances_equal_those_on_the_uncontracted_roads(scene: Scene, rules: TravelRules) -> None:
    roads, origins, sites = scene.roads, scene.origins, scene.sites
    matrix = measured(roads, rules, origins, sites)
    expected = expected_distances(roads, rules, origins, sites)
    assert_same(pairs_of(matrix), expected.metres, rules.cutoff_m)
    assert matrix.connected.to_dict() == expected.weakly.any(axis=1).to_dict()


@thorough
@given(drawn_scenes(), drawn_rules)
def test_the_two_nearest_equal_those_of_a_search_over_all_sites(
    scene: Scene, rules: TravelRules
) -> None:
    roads, origins, sites = scene.roads, scene.origins, scene.sites
    expected = expected_distances(roads, rules, origins, sites).metres
    matrix = measured(roads, rules, origins, sites)
    answers = [matrix.nearest_two(list(sites["site_id"]))]
    homes = np.flatnonzero(matrix.origins.snaps.snapped)
    clinics = np.flatnonzero(matrix.sites.snaps.snapped)
    if len(homes) and len(clinics):
        metres, site = search_nearest_two(
            matrix.graph, matrix.origins.take(homes), matrix.sites.take(clinics)
        )
        names = np.array([*matrix.site_ids[clinics], None], dtype=object)[site]
        answers.append(
            pd.DataFrame(
                {
                    "first_m": metres[:, 0],
                    "first_site_id": names[:, 0],
                    "second_m": metres[:, 1],
                    "second_site_id": names[:, 1],
                },
                index=matrix.origin_ids[homes],
            )
        )
    for answer in answers:
        assert_nearest(answer, expected)


def assert_nearest(answer: pd.DataFrame, metres: pd.DataFrame) -> None:
    for origin, row in answer.iterrows():
        ranked = sorted(metres.loc[origin])
        for rank, name in enumerate(("first", "second")):
            expected_m = ranked[rank] if rank < len(ranked) else math.inf
            found_m, found_site = row[f"{name}_m"], row[f"{name}_site_id"]
            if math.isinf(expected_m):
                assert pd.isna(found_m)
                assert pd.isna(found_site)
            else:
                assert found_m == pytest.approx(expected_m, abs=NEAR_M)
                assert metres.loc[origin, found_site] == pytest.approx(expected_m, abs=NEAR_M)
        if not pd.isna(row["second_m"]):
            assert row["first_site_id"] != row["second_site_id"]


@thorough
@given(
    drawn_scenes(),
    drawn_rules,
    st.floats(0.0, 1.0),
    st.data(),
)
def test_sites_within_a_limit_equal_a_count_by_hand(
    scene: Scene,
    rules: TravelRules,
    share: float,
    data: st.DataObject,
) -> None:
    roads, origins, sites = scene.roads, scene.origins, scene.sites
    limit_m = share * rules.cutoff_m
    chosen = [site for site in sites["site_id"] if data.draw(st.booleans())]
    expected = expected_distances(roads, rules, origins, sites).metres[chosen]
    assume(not ((expected - limit_m).abs() < NEAR_M).any(axis=None))
    found = measured(roads, rules, origins, sites).count_within(limit_m, chosen)
    assert found.to_dict() == (expected <= limit_m).sum(axis=1).to_dict()


# --- what must hold of any roads ------------------------------------------------------


@thorough
@given(roads=drawn_roads(), use_ferries=st.booleans())
def test_contraction_keeps_every_metre_of_road(roads: Roads, *, use_ferries: bool) -> None:
    rules = replace(RULES, use_ferries=use_ferries)
    oracle = Oracle(roads, rules)
    graph = build_graph(roads, rules)
    lengths = [oracle.length_m(step) for step in oracle.steps]
    assert graph.edge_length_m.sum() == pytest.approx(sum(lengths), abs=1e-6)
    ferry_m = sum(oracle.length_m(step) for step in oracle.steps if step.kind == "ferry")
    assert graph.edge_length_m[graph.edge_is_ferry].sum() == pytest.approx(ferry_m, abs=1e-6)


@thorough
@given(roads=drawn_roads(), use_ferries=st.booleans())
def test_contraction_leaves_no_node_that_is_no_junction(roads: Roads, *, use_ferries: bool) -> None:
    """A node between two edges is there because direction or kind change, or for a ring."""
    graph = build_graph(roads, replace(RULES, use_ferries=use_ferries))
    ends: dict[int, list[tuple[object, ...]]] = {}
    for edge in range(graph.edge_count):
        out_of_u = (graph.edge_forward[edge], graph.edge_backward[edge])
        kind = (graph.edge_is_ferry[edge], graph.edge_takes_homes[edge])
        ends.setdefault(int(graph.edge_u[edge]), []).append((edge, *out_of_u, *kind))
        ends.setdefault(int(graph.edge_v[edge]), []).append((edge, *out_of_u[::-1], *kind))
    assert set(ends) == set(range(graph.node_count))
    for met in ends.values():
        if len(met) == 2:
            (one, out, back, *kind), (other, other_out, other_back, *other_kind) = met
            passes = (out, back) == (other_back, other_out) and kind == other_kind
            assert one == other or not passes


@thorough
@given(roads=drawn_roads(), use_ferries=st.booleans())
def test_with_traps_opened_every_component_can_be_driven_from_end_to_end(
    roads: Roads, *, use_ferries: bool
) -> None:
    rules = replace(RULES, use_ferries=use_ferries, open_one_way_traps=True)
    graph = build_graph(roads, rules)
    strong = connected_components(graph.reversed_arcs, directed=True, connection="strong")[1]
    together = set(zip(graph.component.tolist(), strong.tolist(), strict=True))
    assert len(together) == len(set(graph.component.tolist()))
    closed = build_graph(roads, replace(rules, open_one_way_traps=False))
    still_one_way = ~(graph.edge_forward & graph.edge_backward)
    assert not still_one_way[graph.edge_opened].any()
    untouched = ~graph.edge_opened
    assert (graph.edge_forward == closed.edge_forward)[untouched].all()
    assert (graph.edge_backward == closed.edge_backward)[untouched].all()


@thorough
@given(drawn_scenes(), drawn_rules, st.integers(0, 99))
def test_the_order_of_rows_never_matters(scene: Scene, rules: TravelRules, seed: int) -> None:
    roads, origins, sites = scene.roads, scene.origins, scene.sites
    shuffled = measured(
        roads,
        rules,
        origins.sample(frac=1, random_state=seed),
        sites.sample(frac=1, random_state=seed),
    )
    plain = measured(roads, rules, origins, sites)
    assert pairs_of(shuffled) == pairs_of(plain)
    ids = list(sites["site_id"])
    both = [m.nearest_two(ids)[["first_m", "second_m"]] for m in (plain, shuffled)]
    pd.testing.assert_frame_equal(both[0], both[1].loc[both[0].index])


@thorough
@given(drawn_scenes(), drawn_rules)
def test_a_larger_cutoff_only_adds_pairs(scene: Scene, rules: TravelRules) -> None:
    roads, origins, sites = scene.roads, scene.origins, scene.sites
    near = pairs_of(measured(roads, rules, origins, sites))
    far = pairs_of(measured(roads, replace(rules, cutoff_m=2 * rules.cutoff_m), origins, sites))
    assert near.items() <= far.items()
    assert all(metres > rules.cutoff_m for pair, metres in far.items() if pair not in near)


@thorough
@given(drawn_scenes(), drawn_rules, st.integers(0, 7))
def test_adding_sites_equals_measuring_all_at_once(
    scene: Scene, rules: TravelRules, first: int
) -> None:
    roads, origins, sites = scene.roads, scene.origins, scene.sites
    at_once = measured(roads, rules, origins, sites)
    added = measured(roads, rules, origins, sites[:first]).with_sites(sites[first:], rules)
    pd.testing.assert_frame_equal(added.pairs(), at_once.pairs())
    ids = list(sites["site_id"])
    pd.testing.assert_frame_equal(added.nearest_two(ids), at_once.nearest_two(ids))
    pd.testing.assert_series_equal(added.connected, at_once.connected)


# --- cases that chance seldom draws ---------------------------------------------------


def one_place(column: str, x: float, y: float) -> pd.DataFrame:
    ids = pd.Series([f"{column[0]}0"], dtype="str")
    return pd.DataFrame({column: ids, "x_m": [WEST_M + x], "y_m": [SOUTH_M + y]})


@pytest.mark.parametrize("one_way_first", [True, False])
def test_a_home_at_a_junction_may_take_either_road(*, one_way_first: bool) -> None:
    # The home's nearest point is the corner; the one-way street leads away from it.
    ways = [Way((1, 2), 1), Way((1, 0), 0)]
    roads = roads_of([(0, 0), (1_000, 0), (1_000, 1_000)], ways if one_way_first else ways[::-1])
    origins, sites = one_place("origin_id", 1_010, -10), one_place("site_id", 0, 0)
    found = pairs_of(measured(roads, RULES, origins, sites))
    assert found["o0", "s0"] == pytest.approx((1_000 + math.hypot(10, 10)) / 0.9996, abs=0.01)


@pytest.mark.parametrize("one_way_first", [True, False])
def test_a_practice_at_a_junction_may_be_reached_by_either_road(*, one_way_first: bool) -> None:
    ways = [Way((2, 1), 1), Way((1, 0), 0)]
    roads = roads_of([(0, 0), (1_000, 0), (1_000, 1_000)], ways if one_way_first else ways[::-1])
    origins, sites = one_place("origin_id", 0, 0), one_place("site_id", 1_010, -10)
    found = pairs_of(measured(roads, RULES, origins, sites))
    assert found["o0", "s0"] == pytest.approx((1_000 + math.hypot(10, 10)) / 0.9996, abs=0.01)


def test_a_ring_without_a_junction_is_driven_the_shorter_way_round() -> None:
    square = [(0, 0), (1_000, 0), (1_000, 1_000), (0, 1_000)]
    origins, sites = one_place("origin_id", 100, 0), one_place("site_id", 0, 200)
    for direction, metres in ((0, 300), (1, 3_700), (-1, 300)):
        roads = roads_of(square, [Way((2, 3, 0, 1, 2), direction)])
        found = pairs_of(measured(roads, RULES, origins, sites))
        assert found["o0", "s0"] == pytest.approx(metres / 0.9996, abs=0.01)


def test_a_home_far_from_its_road_is_within_reach_if_legs_do_not_count() -> None:
    # As the crow flies 1,900 m from the practice, by road without its leg 500 m.
    roads = roads_of([(0, 0), (500, 0)], [Way((0, 1), 0)])
    origins, sites = one_place("origin_id", 0, 1_800), one_place("site_id", 500, 0)
    rules = replace(RULES, count_legs=False, cutoff_m=1_000.0)
    found = pairs_of(measured(roads, rules, origins, sites))
    assert found["o0", "s0"] == pytest.approx(500 / 0.9996, abs=0.01)


# --- GraphML --------------------------------------------------------------------------


@settings(thorough, max_examples=60)
@given(drawn_scenes(), drawn_rules)
def test_a_network_written_as_graphml_and_read_again_has_the_same_distances(
    scene: Scene, rules: TravelRules
) -> None:
    roads, origins, sites = scene.roads, scene.origins, scene.sites
    assume(build_graph(roads, replace(rules, use_ferries=True)).edge_count)
    expected = expected_distances(roads, rules, origins, sites).metres
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roads.graphml"
        write_graphml(roads, path)
        again = read_graphml(path).roads
    assert_same(pairs_of(measured(again, rules, origins, sites)), expected, rules.cutoff_m)
