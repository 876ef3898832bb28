"""Road networks as GraphML, the form in which osmnx users keep and draw them.

A GraphML network is read as it is drawn: an edge is a road, its geometry is
the road's line, and edges that osmnx keeps once per direction become one
two-way way. Ways, ferries and motorways are judged by the rules of ``roads``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import numpy.typing as npt
import osmnx as ox
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjectionError

from coverage.errors import (
    CrsError,
    DuplicateIdError,
    EmptyTableError,
    OutputError,
    UnreadableFileError,
    os_reason,
)
from coverage.sentences import Sentence, sentence
from coverage.sources.provenance import refuse_web_page, stamp_file
from coverage.sources.roads import (
    CAR_TAGS,
    DRIVABLE,
    FORBIDDEN,
    RoadFile,
    reason_to_drop,
    takes_homes,
)
from coverage.tables import ADDRESSES, Roads, empty_table
from coverage.units import WORK_CRS, ground_distance_m, reproject

_ROLE = "roads"
_SUFFIX = ".graphml"
# Decimals that hold a millimetre: in metres and in degrees.
_METRE_DECIMALS, _DEGREE_DECIMALS = 3, 8
_TAGS = ("highway", "route", "service", *CAR_TAGS)
# Beyond both, an edge's length is another one than that of its line.
_LENGTH_SHARE, _LENGTH_M = 0.01, 1.0

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]


@dataclass
class _Way:
    """A road or ferry between two nodes of the network, in the network's coordinates."""

    tail: str
    head: str
    inner: tuple[Point, ...]
    ferry: bool
    takes_homes: bool
    length_m: float | None
    two_way: bool = False


@dataclass
class _Found:
    """The edges of a network, sorted into ways and reasons to drop."""

    ways: dict[tuple[object, ...], _Way] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)

    def drop(self, reason: str) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + 1

    def add(self, way: _Way, decimals: int) -> None:
        """Join the way to its twin of the other direction, or keep it as a new one."""
        inner = tuple((round(x, decimals), round(y, decimals)) for x, y in way.inner)
        kind = (way.ferry, way.takes_homes)
        along = (kind, way.tail, *inner, way.head)
        against = (kind, way.head, *reversed(inner), way.tail)
        if along in self.ways:
            self.ways[along].two_way |= way.two_way
        elif against in self.ways:
            self.ways[against].two_way = True
        else:
            self.ways[along] = way


def is_graphml(path: Path) -> bool:
    """Return whether the file's name says that it is GraphML."""
    return path.name.lower().endswith(_SUFFIX)


def read_graphml(path: Path, *, as_of: date | None = None) -> RoadFile:
    """Return the roads and ferries of a network that osmnx saved.

    The length of a road is that of its line on the ground; an edge without
    geometry is a straight line. Edges without ``highway`` are roads. Edges
    with ``route=ferry`` are ferries. An edge with ``takes_homes=False``, which
    ``write_graphml`` writes, is a motorway to us.

    Returns
    -------
    RoadFile
        Without addresses; its provenance counts edges, and a pair of edges
        along one line, one a direction, is merged into one way.

    Raises
    ------
    MissingFileError, UnreadableFileError, EmptyTableError
    CrsError
        The network does not say its coordinate system, or one that has no EPSG code.
    """
    stamp = stamp_file(path, role=_ROLE)
    refuse_web_page(path, role=_ROLE)
    network = _load(path)
    crs = _crs_of(network, path.name)
    found = _find_ways(network, _METRE_DECIMALS if crs.is_projected else _DEGREE_DECIMALS)
    ways = list(found.ways.values())
    edge_count = network.number_of_edges()
    if not ways:
        raise EmptyTableError(
            sentence("The roads file has no drivable road ({count} edges read)", count=edge_count),
            where=path.name,
            hint="Save the network of drivable roads.",
        )
    roads = _as_roads(network, ways, int(crs.to_epsg() or 0), path.name)
    dropped = dict(sorted(found.dropped.items()))
    provenance = stamp.account(
        _ROLE,
        as_of=as_of,
        rows_read=edge_count,
        rows_kept=len(ways),
        dropped=dropped,
        merged_rows=edge_count - len(ways) - sum(dropped.values()),
        notes=(*_length_notes(roads, ways), sentence("{count} address nodes", count=0)),
    )
    return RoadFile(roads, empty_table(ADDRESSES), provenance)


def write_graphml(roads: Roads, path: Path) -> None:
    """Write the roads as a network that osmnx loads, with every component.

    A MultiDiGraph in EPSG:25832, an edge a direction, simplified by osmnx.
    Nodes have x and y. Edges have length (metres on the ground), oneway,
    takes_homes (False: a motorway), osmid (the number of the way in the
    table), geometry where not straight, and route=ferry if they are a ferry.

    Raises
    ------
    DuplicateIdError
        Two points share an id of OpenStreetMap.
    OutputError
    """
    network = nx.MultiDiGraph(crs=WORK_CRS)
    ids = roads.point_osm_id.tolist()
    if len(set(ids)) < len(ids):
        values, counts = np.unique(roads.point_osm_id, return_counts=True)
        raise DuplicateIdError("Points of the roads share an id", rows=list(values[counts > 1]))
    network.add_edges_from(_step_edges(roads))
    for name, values in (("x", roads.point_x_m), ("y", roads.point_y_m)):
        by_id = dict(zip(ids, values.tolist(), strict=True))
        nx.set_node_attributes(network, {node: by_id[node] for node in network}, name)
    differing = ["route", "takes_homes"]
    network = ox.simplify_graph(network, edge_attrs_differ=differing, remove_rings=False)
    try:
        ox.save_graphml(network, path)
    except OSError as failure:
        raise OutputError(
            sentence("The network cannot be written ({reason})", reason=os_reason(failure)),
            where=str(path),
            hint="Choose a folder that you may write to, and close the file in other programs.",
        ) from failure


def _step_edges(roads: Roads) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Yield each step of each way in each direction that may be driven, doubled steps once."""
    way = np.repeat(np.arange(len(roads.way_direction)), np.diff(roads.way_start))
    inside = way[1:] == way[:-1]
    start, end = roads.way_point[:-1][inside], roads.way_point[1:][inside]
    way = way[:-1][inside]
    direction = roads.way_direction[way]
    x_m, y_m = roads.point_x_m, roads.point_y_m
    length_m = ground_distance_m(x_m[start], y_m[start], x_m[end], y_m[end])
    along, against = direction >= 0, direction <= 0
    tail = np.concatenate([start[along], end[against]])
    head = np.concatenate([end[along], start[against]])
    ways = np.concatenate([way[along], way[against]])
    metres = np.concatenate([length_m[along], length_m[against]])
    kind = roads.way_is_ferry[ways] * 2 + roads.way_takes_homes[ways]
    steps = np.column_stack([tail, head, kind])
    steps, first = np.unique(steps, axis=0, return_index=True)
    both = set(map(tuple, steps.tolist()))
    ids = roads.point_osm_id.tolist()
    for (u, v, sort), at in zip(steps.tolist(), first.tolist(), strict=True):
        if u == v:
            continue
        edge: dict[str, object] = {
            "osmid": int(ways[at]),
            "length": float(metres[at]),
            "oneway": (v, u, sort) not in both,
            "takes_homes": bool(sort % 2),
        }
        if roads.way_is_ferry[ways[at]]:
            edge["route"] = "ferry"
        yield ids[u], ids[v], edge


def _load(path: Path) -> nx.MultiDiGraph:
    # Ids and directions as text: a network that was drawn or merged by hand has any.
    as_text = {"osmid": str, "oneway": str, "reversed": str}
    try:
        network = ox.load_graphml(path, node_dtypes={"osmid": str}, edge_dtypes=as_text)
    except (ParseError, nx.NetworkXException, ValueError, KeyError, AttributeError, OSError) as why:
        raise UnreadableFileError(
            sentence(
                "The roads file is not a network that osmnx can load ({reason})", reason=str(why)
            ),
            where=path.name,
            hint="Save it with osmnx.save_graphml.",
        ) from None
    nowhere = [node for node, place in network.nodes(data=True) if not {"x", "y"} <= place.keys()]
    if nowhere:
        raise UnreadableFileError(
            "Nodes of the network have no x and y",
            where=path.name,
            rows=nowhere,
            hint="Save it with osmnx.save_graphml.",
        )
    return network


def _crs_of(network: nx.MultiDiGraph, file_name: str) -> CRS:
    named = network.graph.get("crs")
    try:
        crs = CRS.from_user_input(named) if named else None
    except ProjectionError:
        crs = None
    if crs is None or crs.to_epsg() is None:
        raise CrsError(
            sentence("The network's coordinate system is {crs}", crs=str(named))
            if named
            else "The network's coordinate system is not given",
            where=sentence("{file}, graph attribute crs", file=file_name),
            hint="Project it with osmnx.projection.project_graph(G, to_crs='EPSG:25832').",
        )
    return crs


def _find_ways(network: nx.MultiDiGraph, decimals: int) -> _Found:
    found = _Found()
    two_way = not network.is_directed()
    for u, v, edge in network.edges(data=True):
        tags = {key: _kindest(key, edge[key]) for key in _TAGS if key in edge}
        ferry = tags.get("route") == "ferry"
        tags.setdefault("highway", "road")
        reason = reason_to_drop(tags, ferry=ferry)
        inner = () if reason else _inner_points(network, u, v, edge)
        if not reason and u == v and not inner:
            reason = "a loop without a line"
        if reason:
            found.drop(reason)
            continue
        homes = takes_homes(tags, ferry=ferry) and edge.get("takes_homes") != "False"
        length_m = edge.get("length")
        found.add(_Way(u, v, inner, ferry, homes, length_m, two_way), decimals)
    return found


def _kindest(key: str, value: object) -> str:
    """Return the tag of an edge that osmnx merged of several ways: the one that lets cars in."""
    if not isinstance(value, list):
        return str(value)
    wanted = {"highway": DRIVABLE, "route": frozenset({"ferry"})}
    for one in map(str, value):
        if one in wanted[key] if key in wanted else one not in FORBIDDEN:
            return one
    return str(value[0])


def _inner_points(
    network: nx.MultiDiGraph, u: str, v: str, edge: Mapping[str, Any]
) -> tuple[Point, ...]:
    """Return the line of an edge from u to v, without u and v themselves."""
    if "geometry" not in edge:
        return ()
    start, end = ((float(network.nodes[n]["x"]), float(network.nodes[n]["y"])) for n in (u, v))
    line = [(x, y) for x, y, *_ in edge["geometry"].coords]
    # An undirected edge may be drawn from either end.
    if np.hypot(*np.subtract(line[0], start)) > np.hypot(*np.subtract(line[-1], start)):
        line.reverse()
    if line[0] == start:
        del line[0]
    if line and line[-1] == end:
        del line[-1]
    return tuple(line)


def _as_roads(network: nx.MultiDiGraph, ways: list[_Way], epsg: int, file_name: str) -> Roads:
    nodes = sorted({node for way in ways for node in (way.tail, way.head)})
    place = {node: at for at, node in enumerate(nodes)}
    points: list[Point] = [
        (float(network.nodes[node]["x"]), float(network.nodes[node]["y"])) for node in nodes
    ]
    way_point: list[int] = []
    way_start = [0]
    for way in ways:
        inner = range(len(points), len(points) + len(way.inner))
        points.extend(way.inner)
        way_point += [place[way.tail], *inner, place[way.head]]
        way_start.append(len(way_point))
    lon_or_x, lat_or_y = np.array(points).T
    x_m, y_m = reproject(lon_or_x, lat_or_y, from_epsg=epsg)
    if not (np.isfinite(x_m).all() and np.isfinite(y_m).all()):
        raise CrsError(
            sentence(
                "The coordinates do not fit the network's coordinate system EPSG:{epsg}", epsg=epsg
            ),
            where=sentence("{file}, node attributes x and y", file=file_name),
            hint="Correct the graph attribute crs.",
        )
    return Roads(
        point_x_m=x_m,
        point_y_m=y_m,
        point_osm_id=_point_ids(nodes, len(points)),
        way_point=np.array(way_point, dtype=np.int32),
        way_start=np.array(way_start, dtype=np.int64),
        way_direction=np.array([0 if way.two_way else 1 for way in ways], dtype=np.int8),
        way_is_ferry=np.array([way.ferry for way in ways], dtype=np.bool_),
        way_takes_homes=np.array([way.takes_homes for way in ways], dtype=np.bool_),
    )


def _point_ids(nodes: list[str], count: int) -> npt.NDArray[np.int64]:
    """Return the nodes' own numbers if all have one; new points are negative, as in JOSM."""
    try:
        own = [int(node) for node in nodes]
    except ValueError:
        own = []
    lowest = min(own, default=0)
    new = np.arange(count - len(own), dtype=np.int64)
    return np.concatenate([np.array(own, dtype=np.int64), min(lowest, 0) - 1 - new])


def _length_notes(roads: Roads, ways: list[_Way]) -> Iterator[Sentence]:
    """Yield a note if edges claim a length that their lines do not have."""
    x_m, y_m = roads.point_x_m[roads.way_point], roads.point_y_m[roads.way_point]
    steps_m = np.append(ground_distance_m(x_m[:-1], y_m[:-1], x_m[1:], y_m[1:]), 0.0)
    steps_m[roads.way_start[1:] - 1] = 0.0
    line_m: Floats = np.add.reduceat(steps_m, roads.way_start[:-1])
    given_m = np.array([np.nan if way.length_m is None else way.length_m for way in ways])
    # Comparing with NaN is False: an edge without a length claims nothing.
    off = np.abs(given_m - line_m) > np.maximum(_LENGTH_M, _LENGTH_SHARE * line_m)
    if off.any():
        yield sentence(
            "{count} edges have a length that their line does not have: the line counts",
            count=int(off.sum()),
        )
