"""The searches between places on a graph: the only callers of Dijkstra.

People travel from home to practice, so every search starts at the practice, on
the reversed graph, by scipy's Dijkstra: of the engines tried the fastest that
installs beside a package of this name (docs/decisions/0003). Origins and sites
are points on edges: a distance is the straight leg at both ends plus the
shortest way between the two points, around either end of their edges or along
the edge if both lie on it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from coverage.network import RoadGraph, shortest_arcs
from coverage.places import Places
from coverage.units import DENMARK_X_M, scale_factor

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Positions = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Progress = Callable[[float], None]
Triples = tuple[Ints, Ints, Floats]

# Sites searched at once: 34 dense rows of 300,000 nodes are 80 MB, and more gain nothing.
_CHUNK_SITES = 34
# Distances are kept to the millimetre, so that a sum of lengths that is 15,000 m
# in truth is not 15,000.000000002 m at a limit that includes it.
_DECIMALS = 3
# A place this near to the end of its edge is at the junction there.
_AT_END_M = 0.5 * 10.0**-_DECIMALS


@dataclass(frozen=True)
class _Doors:
    """How a place on an edge reaches the edge's two ends; inf where one-way forbids it."""

    node_u: Ints
    node_v: Ints
    metres_u: Floats
    metres_v: Floats

    def take(self, positions: Positions) -> "_Doors":
        """Return the doors of the places at these positions."""
        return _Doors(
            self.node_u[positions],
            self.node_v[positions],
            self.metres_u[positions],
            self.metres_v[positions],
        )


def _origin_doors(graph: RoadGraph, origins: Places) -> _Doors:
    """Leaving home: with the edge's direction to v, against it to u."""
    edge = origins.snaps.edge
    return _doors(graph, origins, to_u=graph.edge_backward[edge], to_v=graph.edge_forward[edge])


def _site_doors(graph: RoadGraph, sites: Places) -> _Doors:
    """Arriving at the practice: with the edge's direction from u, against it from v."""
    edge = sites.snaps.edge
    return _doors(graph, sites, to_u=graph.edge_forward[edge], to_v=graph.edge_backward[edge])


def _doors(graph: RoadGraph, places: Places, *, to_u: Bools, to_v: Bools) -> _Doors:
    """Return the doors; a place at the very end of an edge is at the junction, one-way or not."""
    edge, from_u_m = places.snaps.edge, places.snaps.position_m
    from_v_m = graph.edge_length_m[edge] - from_u_m
    return _Doors(
        graph.edge_u[edge],
        graph.edge_v[edge],
        np.where(to_u | (from_u_m <= _AT_END_M), from_u_m, np.inf) + places.leg_m,
        np.where(to_v | (from_v_m <= _AT_END_M), from_v_m, np.inf) + places.leg_m,
    )


def _with_site_nodes(graph: RoadGraph, sites: Places) -> csr_array:
    """Return the reversed arcs with one more node per site, from which a search starts."""
    base = graph.reversed_arcs
    doors = _site_doors(graph, sites)
    heads = np.column_stack([doors.node_u, doors.node_v]).ravel()
    metres = np.column_stack([doors.metres_u, doors.metres_v]).ravel()
    usable = np.isfinite(metres)
    ends = base.indptr[-1] + np.cumsum(usable.reshape(-1, 2).sum(axis=1), dtype=np.int32)
    size = graph.node_count + len(sites)
    return csr_array(
        (
            np.concatenate([base.data, metres[usable]]),
            np.concatenate([base.indices, heads[usable]]).astype(np.int32),
            np.concatenate([base.indptr, ends]).astype(np.int32),
        ),
        shape=(size, size),
    )


def search_all(
    graph: RoadGraph,
    origins: Places,
    sites: Places,
    cutoff_m: float,
    progress: Progress | None,
) -> Triples:
    """Search from every snapped site within the cutoff, the line included.

    Parameters
    ----------
    progress
        Called with the share done, 0 to 1.

    Returns
    -------
    origin, site, metres
        Shape (pairs,) each: positions in ``origins`` and ``sites``, in no order.
    """
    home = np.flatnonzero(origins.snaps.snapped).astype(np.int32)
    clinic = np.flatnonzero(sites.snaps.snapped).astype(np.int32)
    # Neighbouring sites in one chunk: few origins are then within reach of any of them.
    clinic = clinic[np.argsort(graph.edge_u[sites.snaps.edge[clinic]], kind="stable")]
    homes, clinics = origins.take(home), sites.take(clinic)
    doors = _origin_doors(graph, homes)
    arcs = _with_site_nodes(graph, clinics)
    same_edge = _SameEdge(graph, homes, clinics)
    found: list[Triples] = [(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))]
    for start in range(0, len(clinics), _CHUNK_SITES):
        chunk = np.arange(start, min(start + _CHUNK_SITES, len(clinics)))
        near = _within_reach(homes, clinics.take(chunk), cutoff_m)
        if len(near):
            nodes = _nodes_within_reach(graph, clinics.take(chunk), cutoff_m)
            metres = _search_chunk(
                arcs, nodes, graph.node_count + chunk, cutoff_m, doors.take(near)
            )
            same_edge.shorten(metres, chunk, near)
            metres = np.round(metres, _DECIMALS).astype(np.float64, copy=False)
            row, column = np.nonzero(np.isfinite(metres) & (metres <= cutoff_m))
            found.append((home[near[column]], clinic[chunk[row]], metres[row, column]))
        if progress:
            progress((int(chunk[-1]) + 1) / len(clinics))
    origin, site, distance_m = (np.concatenate(part) for part in zip(*found, strict=True))
    return origin, site, distance_m


def _search_chunk(
    arcs: csr_array, nodes: Positions, site_nodes: Positions, cutoff_m: float, doors: "_Doors"
) -> Floats:
    """Return metres from each home's doors to each site, shape (sites, homes); inf beyond.

    Only the part of the graph within reach of the chunk is searched: scipy
    prepares every node for every site, which on a country took four fifths of
    the time.
    """
    part = np.concatenate([nodes, site_nodes])
    near_arcs = arcs[part][:, part]
    starts = len(nodes) + np.arange(len(site_nodes))
    to_node_m = dijkstra(near_arcs, indices=starts, limit=cutoff_m + 1.0)
    by_u, by_v = (_metres_at(to_node_m, nodes, node) for node in (doors.node_u, doors.node_v))
    return np.minimum(by_u + doors.metres_u, by_v + doors.metres_v)


def _metres_at(to_node_m: Floats, nodes: Positions, wanted: Ints) -> Floats:
    """Return the columns of the wanted nodes; inf for a node out of reach of every site."""
    if not len(nodes):
        return np.full((len(to_node_m), len(wanted)), np.inf)
    at = np.minimum(np.searchsorted(nodes, wanted), len(nodes) - 1)
    return np.where(nodes[at] == wanted, to_node_m[:, at], np.inf)


def _nodes_within_reach(graph: RoadGraph, clinics: Places, cutoff_m: float) -> Positions:
    """Return the nodes in the sites' box widened by the cutoff: a shorter road stays inside.

    The straight leg is added: a road starts where it ends, whether it counts or not.
    """
    reach = (cutoff_m + float(clinics.snaps.leg_m.max())) * float(scale_factor(DENMARK_X_M[1]))
    x_m, y_m = graph.node_x_m, graph.node_y_m
    inside = (x_m >= clinics.x_m.min() - reach) & (x_m <= clinics.x_m.max() + reach)
    inside &= (y_m >= clinics.y_m.min() - reach) & (y_m <= clinics.y_m.max() + reach)
    return np.flatnonzero(inside)


def _within_reach(homes: Places, clinics: Places, cutoff_m: float) -> Positions:
    """Return the homes in the box of the sites, widened by the cutoff: roads are no shorter.

    Where legs do not count, a place is farther from the other than its road is.
    """
    uncounted_m = homes.snaps.leg_m - homes.leg_m
    uncounted_m += float((clinics.snaps.leg_m - clinics.leg_m).max())
    reach = (cutoff_m + uncounted_m) * float(scale_factor(DENMARK_X_M[1]))
    inside = (homes.x_m >= clinics.x_m.min() - reach) & (homes.x_m <= clinics.x_m.max() + reach)
    inside &= (homes.y_m >= clinics.y_m.min() - reach) & (homes.y_m <= clinics.y_m.max() + reach)
    return np.flatnonzero(inside)


class _SameEdge:
    """Homes and sites on one edge: the way along it, which no search around its ends finds."""

    def __init__(self, graph: RoadGraph, homes: Places, clinics: Places) -> None:
        self._graph = graph
        self._homes = homes
        self._clinics = clinics
        self._order = np.argsort(homes.snaps.edge, kind="stable")
        edges = homes.snaps.edge[self._order]
        self._from = np.searchsorted(edges, clinics.snaps.edge, side="left")
        self._to = np.searchsorted(edges, clinics.snaps.edge, side="right")

    def homes_of(self, clinic: int) -> tuple[Positions, Floats]:
        """Return the homes on the clinic's edge and their metres along it; inf against one-way."""
        homes = np.sort(self._order[self._from[clinic] : self._to[clinic]])
        edge = self._clinics.snaps.edge[clinic]
        ahead_m = self._clinics.snaps.position_m[clinic] - self._homes.snaps.position_m[homes]
        allowed = np.where(
            ahead_m > 0, self._graph.edge_forward[edge], self._graph.edge_backward[edge]
        )
        allowed |= np.abs(ahead_m) <= _AT_END_M
        legs_m = self._homes.leg_m[homes] + self._clinics.leg_m[clinic]
        return homes, np.where(allowed, np.abs(ahead_m), np.inf) + legs_m

    def shorten(self, metres: Floats, chunk: Positions, near: Positions) -> None:
        """Lower ``metres`` in place, shape (chunk, near), where the way along is shorter."""
        for row in np.flatnonzero(self._to[chunk] > self._from[chunk]):
            homes, along_m = self.homes_of(int(chunk[row]))
            held = np.isin(homes, near, assume_unique=True)
            columns = np.searchsorted(near, homes[held])
            metres[row, columns] = np.minimum(metres[row, columns], along_m[held])


def search_nearest_two(
    graph: RoadGraph, origins: Places, sites: Places
) -> tuple[Floats, Positions]:
    """Return the two nearest sites of every origin without any limit, by two searches in all.

    The first search starts from all sites at once and gives each node its
    nearest site. A second nearest site is reached either from a neighbour whose
    nearest site is another one, or through a neighbour with the same nearest
    site: so the second search starts at those borders and stays inside.

    Parameters
    ----------
    origins, sites
        All snapped.

    Returns
    -------
    metres, site
        Shapes (origins, 2): NaN and -1 where no road leads to one.
    """
    node_m, node_site = _search_node_two(graph, sites)
    doors = _origin_doors(graph, origins)
    options_m = np.concatenate(
        [
            node_m[doors.node_u] + doors.metres_u[:, None],
            node_m[doors.node_v] + doors.metres_v[:, None],
        ],
        axis=1,
    )
    options_site = np.concatenate([node_site[doors.node_u], node_site[doors.node_v]], axis=1)
    same_edge = _SameEdge(graph, origins, sites)
    along: list[tuple[Positions, int, Floats]] = []
    for clinic in range(len(sites)):
        homes, along_m = same_edge.homes_of(clinic)
        along.append((homes, clinic, along_m))
    return _best_two(options_m, options_site, along)


def _best_two(
    options_m: Floats,
    options_site: Positions,
    along: list[tuple[Positions, int, Floats]],
) -> tuple[Floats, Positions]:
    """Return the two least options of different sites in each row."""
    count, width = options_m.shape
    row = [np.repeat(np.arange(count), width), *(homes for homes, _, _ in along)]
    metres = [options_m.ravel(), *(along_m for _, _, along_m in along)]
    site = [options_site.ravel(), *(np.full(len(homes), c) for homes, c, _ in along)]
    options = pd.DataFrame(
        {"row": np.concatenate(row), "m": np.concatenate(metres), "site": np.concatenate(site)}
    )
    options["m"] = options["m"].round(_DECIMALS)
    options = options[np.isfinite(options["m"])].sort_values(["row", "m", "site"])
    options = options.drop_duplicates(["row", "site"])
    rank = options.groupby("row").cumcount()
    best_m = np.full((count, 2), np.nan)
    best_site = np.full((count, 2), -1, dtype=np.int64)
    kept = (rank < 2).to_numpy()  # noqa: PLR2004 - the two nearest
    at = (options["row"].to_numpy()[kept], rank.to_numpy()[kept])
    best_m[at] = options["m"].to_numpy()[kept]
    best_site[at] = options["site"].to_numpy()[kept]
    return best_m, best_site


def _search_node_two(graph: RoadGraph, sites: Places) -> tuple[Floats, Positions]:
    """Return for every node the metres to, and position of, its two nearest sites."""
    arcs = _with_site_nodes(graph, sites)
    first_m, first = _search_together(arcs, graph.node_count, len(sites))
    label = np.concatenate([first, np.arange(len(sites))])
    reached_m = np.concatenate([first_m, np.zeros(len(sites))])
    tail = np.repeat(np.arange(arcs.shape[0]), np.diff(arcs.indptr))
    head, length_m = arcs.indices, arcs.data
    crossing = (label[tail] != label[head]) & (label[tail] >= 0)
    inside = ~crossing & (tail < graph.node_count)
    second_arcs = shortest_arcs(
        np.concatenate([tail[inside], graph.node_count + label[tail[crossing]]]).astype(np.int32),
        np.concatenate([head[inside], head[crossing]]).astype(np.int32),
        np.concatenate([length_m[inside], reached_m[tail[crossing]] + length_m[crossing]]),
        arcs.shape[0],
    )
    second_m, second = _search_together(second_arcs, graph.node_count, len(sites))
    return np.column_stack([first_m, second_m]), np.column_stack([first, second])


def _search_together(arcs: csr_array, node_count: int, site_count: int) -> tuple[Floats, Positions]:
    """Search from all site nodes at once: metres to, and position of, each node's nearest site."""
    metres, _, source = dijkstra(
        arcs,
        indices=node_count + np.arange(site_count),
        min_only=True,
        return_predecessors=True,
    )
    site = np.where(source >= node_count, source - node_count, -1)
    return metres[:node_count], site[:node_count].astype(np.int64)
