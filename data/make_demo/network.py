"""The ordinary roads: which junctions are joined, which of the joins are main roads.

Towns have streets on grids; the country between is a sparse planar graph (relative
neighbourhood graph with some Gabriel edges). Main roads are shortest paths between towns
through the denser Gabriel graph, so that long trips run straighter than short ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from .crossings import BRIDGES
from .geodesy import FloatArray, IntArray, generator, nearest, to_metres
from .places import Place, scatter
from .streets import DROPPED_STREETS, TownNodes, street_candidates

BoolArray = npt.NDArray[np.bool_]

COUNTRY_SPACING_M = 900.0

# Roads along the necks to Kegnæs (Als) and Helnæs (Fyn), too narrow for a chance junction;
# longitude, latitude on GSHHG's land.
NECKS = (
    ((9.9904, 54.8581), (10.0050, 54.8662), (10.0196, 54.8743)),
    ((9.9903, 55.1534), (9.9858, 55.1617), (9.9861, 55.1735), (9.9864, 55.1852), (9.9912, 55.1881)),
)
FROM_TOWN_M = 330.0
LONGEST_EDGE_M = 4200.0
GABRIEL_SHARE = 0.5
DETOUR_LIMIT = 1.9
MAIN_DISCOUNT = 0.97
INNER_COST = 1.03
NEIGHBOURS = 14

# rank of a main road by the population of the smaller end
RANKS = ((9_000, "primary"), (2_400, "secondary"), (0, "tertiary"))


@dataclass(frozen=True)
class Network:
    """Joined junctions: ``xy`` (n, 2) metres, ``place`` -1 in the country, edges (m, 2).

    ``street`` is 0 or 1 for the direction of a town street and -1 otherwise; ``rank`` counts
    into RANKS for main roads and is -1 otherwise; ``bridge`` counts into BRIDGES or is -1.
    """

    xy: FloatArray
    place: IntArray
    land: list[str]
    edges: IntArray
    street: IntArray
    rank: IntArray
    bridge: IntArray


def lengths_m(xy: FloatArray, edges: IntArray) -> FloatArray:
    """Straight lengths of edges."""
    gap = xy[edges[:, 0]] - xy[edges[:, 1]]
    return np.asarray(np.hypot(gap[:, 0], gap[:, 1]), dtype=np.float64)


def on_land(lines: npt.NDArray[np.object_], ground: BaseGeometry) -> BoolArray:
    """Which lines stay on land."""
    shapely.prepare(ground)
    return np.asarray(shapely.contains(ground, lines), dtype=np.bool_)


def straight_lines(xy: FloatArray, edges: IntArray) -> npt.NDArray[np.object_]:
    """Edges as straight lines."""
    return np.asarray(shapely.linestrings(xy[edges]), dtype=np.object_)


def country_junctions(ground: BaseGeometry, town_xy: FloatArray) -> FloatArray:
    """Junctions in the country, about one a km2, away from the towns' own."""
    points = scatter(ground.buffer(-100), COUNTRY_SPACING_M, generator("country"))
    distance, _ = nearest(cKDTree(town_xy), points)
    necks = to_metres([lonlat for neck in NECKS for lonlat in neck])
    return np.vstack([points[distance > FROM_TOWN_M], necks])


def bridge_ends(land: dict[str, Polygon]) -> FloatArray:
    """Both ends of each bridge (2 x bridges, 2), moved onto their landmasses."""
    ends = []
    for bridge in BRIDGES:
        for name, lonlat in ((bridge.start_land, bridge.start), (bridge.end_land, bridge.end)):
            ends.append(onto(land[name], to_metres(lonlat)[0]))
    return np.array(ends)


def onto(polygon: Polygon, xy_m: FloatArray) -> FloatArray:
    """Find the nearest position at least 30 m inside a landmass."""
    inner = polygon.buffer(-30)
    point = shapely.Point(xy_m)
    near = point if inner.contains(point) else shapely.shortest_line(inner, point).interpolate(0)
    return np.array([near.x, near.y])


def _gabriel(xy: FloatArray, edges: IntArray, tree: cKDTree) -> BoolArray:
    """Edges whose circle on the edge as diameter holds no other junction."""
    middle = xy[edges].mean(axis=1)
    radius = lengths_m(xy, edges) / 2
    away, _ = nearest(tree, middle)
    return np.asarray(away >= radius - 1e-6, dtype=np.bool_)


def _relative(xy: FloatArray, edges: IntArray, tree: cKDTree) -> BoolArray:
    """Edges of the relative neighbourhood graph: no junction nearer to both ends."""
    length = lengths_m(xy, edges)[:, None]
    near = np.asarray(tree.query(xy, k=NEIGHBOURS)[1])
    around = near[edges[:, 0]]
    to_first = np.hypot(*np.moveaxis(xy[around] - xy[edges[:, 0]][:, None], -1, 0))
    to_second = np.hypot(*np.moveaxis(xy[around] - xy[edges[:, 1]][:, None], -1, 0))
    blocked = np.maximum(to_first, to_second) < length - 1e-6
    blocked &= (around != edges[:, :1]) & (around != edges[:, 1:])
    return np.asarray(~blocked.any(axis=1), dtype=np.bool_)


def delaunay_edges(xy: FloatArray) -> IntArray:
    """Edges of the Delaunay triangulation, each once, sorted."""
    corners = Delaunay(xy).simplices
    pairs = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    return np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64)


def _spanning(count: int, edges: IntArray, weight: FloatArray) -> BoolArray:
    """Edges of a minimum spanning forest."""
    matrix = coo_array((weight, (edges[:, 0], edges[:, 1])), shape=(count, count))
    tree = minimum_spanning_tree(csr_array(matrix)).tocoo()
    chosen = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    return np.array([pair in chosen for pair in map(tuple, edges.tolist())], dtype=np.bool_)


@dataclass(frozen=True)
class _Candidates:
    """All joins that stay on land, town streets first, and what kind each is."""

    edges: IntArray
    street: IntArray
    gabriel: BoolArray
    relative: BoolArray
    inner: BoolArray  # between junctions of one town, off its grid


def _candidates(
    xy: FloatArray, place: IntArray, town: TownNodes, ground: BaseGeometry
) -> _Candidates:
    streets, direction = street_candidates(town)
    streets = np.sort(streets, axis=1)
    mesh = delaunay_edges(xy)
    mesh = mesh[lengths_m(xy, mesh) < LONGEST_EDGE_M]
    known = set(map(tuple, streets.tolist()))
    mesh = mesh[np.array([pair not in known for pair in map(tuple, mesh.tolist())])]
    edges = np.vstack([streets, mesh])
    street = np.concatenate([direction, np.full(len(mesh), -1)])
    dry = on_land(straight_lines(xy, edges), ground)
    edges, street = edges[dry], street[dry]
    tree = cKDTree(xy)
    inner = (street < 0) & (place[edges[:, 0]] >= 0) & (place[edges[:, 0]] == place[edges[:, 1]])
    return _Candidates(edges, street, _gabriel(xy, edges, tree), _relative(xy, edges, tree), inner)


def _chosen(count: int, xy: FloatArray, options: _Candidates) -> BoolArray:
    """Choose the minor network: streets less a few, the sparse country graph, a forest."""
    rng = generator("joins")
    draw = rng.random(len(options.edges))
    street = (options.street >= 0) & (draw > DROPPED_STREETS)
    country = (options.street < 0) & ~options.inner
    chosen = street | (country & options.relative)
    chosen |= country & options.gabriel & (draw < GABRIEL_SHARE)
    weight = lengths_m(xy, options.edges) * np.where(chosen, 0.01, np.where(options.inner, 9, 1))
    return np.asarray(chosen | _spanning(count, options.edges, weight), dtype=np.bool_)


def _town_pairs(places: list[Place]) -> Iterator[tuple[int, int, int]]:
    """Pairs of towns that a main road should join, with its rank, the largest first."""
    seen: set[tuple[int, int]] = set()
    for rank, (least, _) in enumerate(RANKS):
        index = [k for k, p in enumerate(places) if p.population >= least and p.source != "made up"]
        xy = np.array([(places[k].x_m, places[k].y_m) for k in index])
        edges = delaunay_edges(xy)
        for u, v in edges[_gabriel(xy, edges, cKDTree(xy))].tolist():
            pair = (index[u], index[v])
            if pair not in seen:
                seen.add(pair)
                yield (*pair, rank)


def _route(
    cost: FloatArray, edges: IntArray, count: int, ends: tuple[int, int], limit_m: float
) -> list[tuple[int, int]]:
    """Find the cheapest way between two junctions as edges; empty beyond the limit."""
    start, goal = ends
    graph = coo_array((cost, (edges[:, 0], edges[:, 1])), shape=(count, count)).tocsr()
    reach, before = dijkstra(
        graph, directed=False, indices=[start], limit=limit_m, return_predecessors=True
    )
    route: list[tuple[int, int]] = []
    while np.isfinite(reach[0, goal]) and goal != start:
        step = int(before[0, goal])
        route.append((min(step, goal), max(step, goal)))
        goal = step
    return route


def _main_roads(
    xy: FloatArray, place: IntArray, options: _Candidates, places: list[Place]
) -> IntArray:
    """Rank of every candidate edge: the best main road that runs over it, or -1."""
    edges, count = options.edges, len(xy)
    cost = lengths_m(xy, edges) * np.where(options.inner, INNER_COST, 1.0)
    rank = np.full(len(edges), -1, dtype=np.int64)
    towns = np.flatnonzero(place >= 0)
    centre = towns[nearest(cKDTree(xy[towns]), [(p.x_m, p.y_m) for p in places])[1]]
    number = {pair: k for k, pair in enumerate(map(tuple, edges.tolist()))}
    for first, second, level in _town_pairs(places):
        ends = (int(centre[first]), int(centre[second]))
        straight_m = float(np.hypot(*(xy[ends[0]] - xy[ends[1]])))
        for pair in _route(cost, edges, count, ends, DETOUR_LIMIT * straight_m + 2000):
            k = number[pair]
            if rank[k] < 0:
                rank[k] = level
                cost[k] *= MAIN_DISCOUNT
    return rank


def build_network(
    places: list[Place], town: TownNodes, land: dict[str, Polygon], ground: BaseGeometry
) -> Network:
    """Join all junctions on the ground where roads may lie.

    Only the parts connected to a town of the facts are kept.
    """
    ends = bridge_ends(land)
    country = country_junctions(ground, town.xy)
    xy = np.vstack([town.xy, country, ends])
    place = np.concatenate([town.place, np.full(len(country) + len(ends), -1)])
    options = _candidates(xy, place, town, ground)
    chosen = _chosen(len(xy), xy, options)
    first = len(town.xy) + len(country)
    spans = np.arange(first, first + len(ends)).reshape(-1, 2)
    options, chosen = _with_bridges(options, chosen, spans)
    rank = _main_roads(xy, place, options, places)
    keep = chosen | (rank >= 0)
    bridge = np.full(len(keep), -1)
    bridge[-len(spans) :] = np.arange(len(spans))
    return _largest(
        Network(xy, place, [], options.edges[keep], options.street[keep], rank[keep], bridge[keep]),
        places,
        land,
    )


def _with_bridges(
    options: _Candidates, chosen: BoolArray, spans: IntArray
) -> tuple[_Candidates, BoolArray]:
    more = len(spans)
    yes, no = np.ones(more, dtype=np.bool_), np.zeros(more, dtype=np.bool_)
    extended = _Candidates(
        np.vstack([options.edges, spans]),
        np.concatenate([options.street, np.full(more, -1)]),
        np.concatenate([options.gabriel, yes]),
        np.concatenate([options.relative, yes]),
        np.concatenate([options.inner, no]),
    )
    return extended, np.concatenate([chosen, yes])


def _largest(network: Network, places: list[Place], land: dict[str, Polygon]) -> Network:
    """Drop stray parts, number the rest along the map, name each junction's landmass."""
    count = len(network.xy)
    ones = np.ones(len(network.edges))
    matrix = csr_array((ones, (network.edges[:, 0], network.edges[:, 1])), shape=(count, count))
    label = connected_components(matrix, directed=False)[1]
    towns = [k for k, place in enumerate(places) if place.source != "made up"]
    largest = np.bincount(label, minlength=label.max() + 1)
    wanted = {
        int(label[at][np.argmax(largest[label[at]])])
        for at in (np.flatnonzero(network.place == k) for k in towns)
        if len(at)
    }
    keep = np.isin(label, sorted(wanted))
    number = np.cumsum(keep) - 1
    mask = keep[network.edges[:, 0]]
    xy = network.xy[keep]
    names = np.full(len(xy), "", dtype=object)
    for name, polygon in land.items():
        shapely.prepare(polygon)
        names[shapely.contains_xy(polygon, xy[:, 0], xy[:, 1])] = name
    return Network(
        xy,
        network.place[keep],
        [str(n) for n in names],
        number[network.edges[mask]],
        network.street[mask],
        network.rank[mask],
        network.bridge[mask],
    )
