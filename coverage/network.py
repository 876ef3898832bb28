"""Road table -> directed graph arrays.

Nodes of degree two are contracted away: seven times fewer nodes, the same
distances. Nodes are numbered along a Morton curve, which makes a search 1.2
times faster because neighbours lie close in memory. Homes and practices are
not nodes: each is a point on an edge, and ``travel`` works out both ways along
that edge. That equals splitting the edge there, without growing the graph
(docs/decisions/0004).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from coverage.rule_groups import TravelRules
from coverage.tables import Roads
from coverage.units import ground_distance_m

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class EdgeTree:
    """Some edges of a graph, indexed by where they lie.

    ``edge``: shape (edges of the tree,), positions in the graph.
    """

    edge: npt.NDArray[np.int64]
    tree: shapely.STRtree


@dataclass(frozen=True)
class RoadGraph:
    """A contracted road network; coordinates in EPSG:25832, lengths on the ground.

    Attributes
    ----------
    node_x_m, node_y_m
        Shape (nodes,).
    edge_u, edge_v
        Shape (edges,): node at the start and end of each edge.
    edge_length_m
        Shape (edges,).
    edge_forward, edge_backward
        Shape (edges,): may be driven from u to v, from v to u.
    edge_is_ferry, edge_takes_homes
        Shape (edges,).
    edge_opened
        Shape (edges,): one-way in the file, but driven both ways here, because
        nobody who lives behind it could otherwise leave, or come home.
    shape_start
        Shape (edges + 1,): the line of edge ``e`` is
        ``shape_x_m[shape_start[e]:shape_start[e + 1]]``, from u to v.
    shape_x_m, shape_y_m
        Shape (shape points,).
    """

    node_x_m: Floats
    node_y_m: Floats
    edge_u: Ints
    edge_v: Ints
    edge_length_m: Floats
    edge_forward: Bools
    edge_backward: Bools
    edge_is_ferry: Bools
    edge_takes_homes: Bools
    edge_opened: Bools
    shape_start: npt.NDArray[np.int64]
    shape_x_m: Floats
    shape_y_m: Floats

    @property
    def node_count(self) -> int:
        """Nodes after contraction."""
        return len(self.node_x_m)

    @property
    def edge_count(self) -> int:
        """Edges after contraction; a two-way road is one edge."""
        return len(self.edge_u)

    @cached_property
    def reversed_arcs(self) -> csr_array:
        """Shape (nodes, nodes): metres of the shortest arc from column to row's node.

        Reversed, because people travel from home to practice and a search
        starts at the practice.
        """
        tail = np.concatenate([self.edge_v[self.edge_forward], self.edge_u[self.edge_backward]])
        head = np.concatenate([self.edge_u[self.edge_forward], self.edge_v[self.edge_backward]])
        length_m = np.concatenate(
            [self.edge_length_m[self.edge_forward], self.edge_length_m[self.edge_backward]]
        )
        return shortest_arcs(tail, head, length_m, self.node_count)

    @cached_property
    def component(self) -> Ints:
        """Shape (nodes,): number of the connected component, directions ignored."""
        ones = np.ones(self.edge_count, dtype=np.int8)
        shape = (self.node_count, self.node_count)
        adjacency = coo_array((ones, (self.edge_u, self.edge_v)), shape=shape)
        return np.asarray(connected_components(adjacency, directed=False)[1], dtype=np.int32)

    @cached_property
    def component_length_m(self) -> Floats:
        """Shape (components,): metres of road in each component."""
        lengths_m = np.bincount(self.component[self.edge_u], weights=self.edge_length_m)
        return lengths_m.astype(np.float64)

    def edge_trees(self, min_component_m: float) -> tuple[EdgeTree, EdgeTree]:
        """Return the edges that take homes: those of long components, then the others.

        Kept for the next point: building them takes ten times as long as asking.
        """
        if min_component_m not in self._edge_trees:
            long_enough = self.component_length_m[self.component[self.edge_u]] >= min_component_m
            groups = (long_enough, ~long_enough)
            edges = [np.flatnonzero(self.edge_takes_homes & group) for group in groups]
            one, other = (EdgeTree(edge, shapely.STRtree(self.edge_lines[edge])) for edge in edges)
            self._edge_trees[min_component_m] = (one, other)
        return self._edge_trees[min_component_m]

    @cached_property
    def _edge_trees(self) -> dict[float, tuple[EdgeTree, EdgeTree]]:
        return {}

    @cached_property
    def edge_lines(self) -> npt.NDArray[np.object_]:
        """Shape (edges,): shapely LineStrings."""
        owner = np.repeat(np.arange(self.edge_count), np.diff(self.shape_start))
        points = np.column_stack([self.shape_x_m, self.shape_y_m])
        lines: npt.NDArray[np.object_] = shapely.linestrings(points, indices=owner)
        return lines


def shortest_arcs(tail: Ints, head: Ints, length_m: Floats, node_count: int) -> csr_array:
    """Return arcs as a CSR array; of parallel arcs the shortest, loops left out."""
    order = np.lexsort((length_m, head, tail))
    tail, head, length_m = tail[order], head[order], length_m[order]
    first = np.ones(len(tail), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    first &= tail != head
    start = np.zeros(node_count + 1, dtype=np.int32)
    np.cumsum(np.bincount(tail[first], minlength=node_count), out=start[1:])
    parts = (length_m[first], head[first].astype(np.int32), start)
    return csr_array(parts, shape=(node_count, node_count))


def build_graph(roads: Roads, rules: TravelRules) -> RoadGraph:
    """Return the contracted graph of a road table.

    Ferries are left out unless ``rules.use_ferries``. Every component is kept.
    With ``rules.open_one_way_traps`` a one-way road between two parts of a
    component that cannot both be reached from each other is opened: every home
    on a component then reaches every practice on it.
    """
    steps = _steps(roads, use_ferries=rules.use_ferries)
    keep = _kept_points(steps, len(roads.point_x_m))
    chain, rank = _chains(steps, keep)
    graph = _assemble(roads, steps, chain, rank)
    return _open_one_way_traps(graph) if rules.open_one_way_traps else graph


def _open_one_way_traps(graph: RoadGraph) -> RoadGraph:
    arcs = graph.reversed_arcs
    part = connected_components(arcs, directed=True, connection="strong")[1]
    opened = part[graph.edge_u] != part[graph.edge_v]
    return replace(
        graph,
        edge_forward=graph.edge_forward | opened,
        edge_backward=graph.edge_backward | opened,
        edge_opened=opened,
    )


@dataclass(frozen=True)
class _Steps:
    """Each step of a way as two half-steps: ``[0, n)`` along it and ``[n, 2n)`` against."""

    tail: Ints
    head: Ints
    allowed: Bools
    kind: Ints
    length_m: Floats
    leaving: Ints
    leaving_start: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        return len(self.length_m)

    def reverse(self, half: Ints) -> Ints:
        return np.where(half < self.count, half + self.count, half - self.count).astype(np.int32)


def _steps(roads: Roads, *, use_ferries: bool) -> _Steps:
    way = np.repeat(np.arange(len(roads.way_direction)), np.diff(roads.way_start))
    inside = way[1:] == way[:-1]
    start, end = roads.way_point[:-1][inside], roads.way_point[1:][inside]
    way = way[:-1][inside]
    wanted = (start != end) & (use_ferries | ~roads.way_is_ferry[way])
    start, end, way = start[wanted], end[wanted], way[wanted]
    direction = roads.way_direction[way]
    tail = np.concatenate([start, end]).astype(np.int32)
    kind = roads.way_is_ferry[way].astype(np.int32) * 2 + roads.way_takes_homes[way]
    length_m = ground_distance_m(
        roads.point_x_m[start], roads.point_y_m[start], roads.point_x_m[end], roads.point_y_m[end]
    )
    leaving_start = np.zeros(len(roads.point_x_m) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=len(roads.point_x_m)), out=leaving_start[1:])
    return _Steps(
        tail=tail,
        head=np.concatenate([end, start]).astype(np.int32),
        allowed=np.concatenate([direction >= 0, direction <= 0]),
        kind=np.concatenate([kind, kind]),
        length_m=length_m,
        leaving=np.argsort(tail, kind="stable").astype(np.int32),
        leaving_start=leaving_start,
    )


def _kept_points(steps: _Steps, point_count: int) -> Bools:
    """Return which points stay nodes: junctions, ends, and changes of direction or kind."""
    degree = np.diff(steps.leaving_start)
    keep: Bools = np.asarray(degree != 2)  # noqa: PLR2004 - a point between two steps
    between = np.flatnonzero(~keep)
    one = steps.leaving[steps.leaving_start[between]]
    other = steps.leaving[steps.leaving_start[between] + 1]
    same = steps.kind[one] == steps.kind[other]
    same &= steps.allowed[steps.reverse(one)] == steps.allowed[other]
    same &= steps.allowed[steps.reverse(other)] == steps.allowed[one]
    keep[between[~same]] = True
    # A ring that touches nothing has no junction: its first point becomes one.
    ones = np.ones(steps.count, dtype=np.int8)
    ends = (steps.tail[: steps.count], steps.head[: steps.count])
    adjacency = coo_array((ones, ends), shape=(point_count, point_count))
    component = connected_components(adjacency, directed=False)[1]
    kept = np.bincount(component, weights=keep) > 0
    ring_points = np.flatnonzero(~kept[component])
    _, first = np.unique(component[ring_points], return_index=True)
    keep[ring_points[first]] = True
    return keep


def _chains(steps: _Steps, keep: Bools) -> tuple[Ints, Ints]:
    """Return for each half-step the first half-step of its chain, and its rank in it.

    List ranking by pointer doubling (Wyllie 1979): log2 of the longest chain rounds.
    """
    half = np.arange(2 * steps.count, dtype=np.int32)
    before = half.copy()
    inner = np.flatnonzero(~keep[steps.tail]).astype(np.int32)
    start = steps.leaving_start[steps.tail[inner]]
    one, other = steps.leaving[start], steps.leaving[start + 1]
    before[inner] = steps.reverse(np.where(one == inner, other, one).astype(np.int32))
    rank = (before != half).astype(np.int32)
    while True:
        farther = before[before]
        if np.array_equal(farther, before):
            return before, rank
        rank += rank[before]
        before = farther


def _assemble(roads: Roads, steps: _Steps, chain: Ints, rank: Ints) -> RoadGraph:
    half = np.arange(2 * steps.count, dtype=np.int32)
    # Every chain exists in both directions; the one with the lower number stands for both.
    chosen = np.flatnonzero(chain < chain[steps.reverse(half)]).astype(np.int32)
    chosen = chosen[np.lexsort((rank[chosen], chain[chosen]))]
    opens = np.flatnonzero(np.diff(chain[chosen], prepend=-1))
    sizes = np.diff(opens, append=len(chosen))
    first, last = chosen[opens], chosen[opens + sizes - 1]
    node_points, ends = np.unique(
        np.concatenate([steps.tail[first], steps.head[last]]), return_inverse=True
    )
    node_x_m, node_y_m = roads.point_x_m[node_points], roads.point_y_m[node_points]
    order = np.argsort(_morton(node_x_m, node_y_m), kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    edge_u, edge_v = place[ends[: len(first)]], place[ends[len(first) :]]
    shape_start = np.concatenate([[0], np.cumsum(sizes + 1)])
    shape_point = np.empty(int(shape_start[-1]), dtype=np.int64)
    shape_point[shape_start[1:] - 1] = steps.head[last]
    shape_point[np.delete(np.arange(len(shape_point)), shape_start[1:] - 1)] = steps.tail[chosen]
    return RoadGraph(
        node_x_m=node_x_m[order],
        node_y_m=node_y_m[order],
        edge_u=edge_u,
        edge_v=edge_v,
        edge_length_m=np.add.reduceat(steps.length_m[chosen % steps.count], opens)
        if len(opens)
        else np.zeros(0),
        edge_forward=steps.allowed[first],
        edge_backward=steps.allowed[steps.reverse(first)],
        edge_is_ferry=steps.kind[first] >= 2,  # noqa: PLR2004 - see _steps
        edge_takes_homes=steps.kind[first] % 2 == 1,
        edge_opened=np.zeros(len(first), dtype=np.bool_),
        shape_start=shape_start.astype(np.int64),
        shape_x_m=roads.point_x_m[shape_point],
        shape_y_m=roads.point_y_m[shape_point],
    )


def _morton(x_m: Floats, y_m: Floats) -> npt.NDArray[np.uint64]:
    """Return each point's place on a Z-order curve of 65,536 x 65,536 squares."""
    return _spread_bits(_to_16_bits(x_m)) | (_spread_bits(_to_16_bits(y_m)) << np.uint64(1))


def _to_16_bits(values: Floats) -> npt.NDArray[np.uint64]:
    if not len(values):
        return np.zeros(0, dtype=np.uint64)
    span = max(float(np.ptp(values)), 1.0)
    squares: npt.NDArray[np.uint64] = ((values - values.min()) / span * 65_535).astype(np.uint64)
    return squares


def _spread_bits(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values
