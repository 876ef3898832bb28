"""Motorways and ferries: ways that touch the ordinary network only at a few junctions."""

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from .crossings import FERRIES, MOTORWAYS, LonLat, Motorway
from .geodesy import FloatArray, nearest, to_metres
from .network import Network
from .ways import Roads, Way

CARRIAGEWAY_M = 20.0
SHAPE_EVERY_M = 2500.0
LONGEST_LINK_M = 3000.0


def add_motorways(roads: Roads, network: Network, ground: BaseGeometry) -> None:
    """Add two carriageways between interchanges, each linked to the nearest junction.

    Raises ValueError when a leg leaves land where no bridge is, or an interchange has no
    junction near.
    """
    tree = cKDTree(network.xy)
    interchange: dict[LonLat, int] = {}
    for lonlat in (at for road in MOTORWAYS for at in road.interchanges):
        if lonlat in interchange:
            continue
        xy = to_metres(lonlat)
        (node,) = roads.add_nodes(xy)
        interchange[lonlat] = node
        distance, near = nearest(tree, xy)
        if distance[0] > LONGEST_LINK_M:
            raise ValueError(f"motorway: no junction near the interchange at {lonlat}")
        roads.ways.append(Way((node, int(near[0])), "motorway_link"))
    for road in MOTORWAYS:
        for leg in range(len(road.interchanges) - 1):
            _add_leg(roads, road, leg, interchange, ground)


def _add_leg(
    roads: Roads, road: Motorway, leg: int, interchange: dict[LonLat, int], ground: BaseGeometry
) -> None:
    first, last = (interchange[at] for at in road.interchanges[leg : leg + 2])
    ends = np.array([roads.xy[first], roads.xy[last]])
    bridge = leg == road.bridge_leg
    if not bridge and not ground.contains(shapely.LineString(ends)):
        raise ValueError(f"motorway {road.name}: leg {leg} at {road.interchanges[leg]} leaves land")
    extra: tuple[tuple[str, str], ...] = (("ref", road.ref),)
    extra += (("bridge", "yes"),) if bridge else ()
    name = road.bridge_name if bridge else road.name
    for start, goal, points in (
        (first, last, _carriageway(ends)),
        (last, first, _carriageway(ends[::-1])),
    ):
        nodes = (start, *roads.add_nodes(points), goal)
        roads.ways.append(Way(nodes, "motorway", name, oneway=True, extra=extra))


def _carriageway(ends: FloatArray) -> FloatArray:
    """Positions along the right-hand side of a leg, without its ends."""
    along = ends[1] - ends[0]
    length = float(np.hypot(along[0], along[1]))
    count = max(int(length / SHAPE_EVERY_M), 2)
    t = (np.arange(count) + 1) / (count + 1)
    right = np.array([along[1], -along[0]]) / length
    return np.asarray(ends[0] + t[:, None] * along + CARRIAGEWAY_M * right, dtype=np.float64)


def add_ferries(roads: Roads, network: Network) -> None:
    """Ferries from junction to junction; one that leaves the region ends at its harbour."""
    on = np.array(network.land)
    for ferry in FERRIES:
        start = _harbour(network, on, ferry.start_land, ferry.start)
        via = roads.add_nodes(to_metres(ferry.via))
        if ferry.end_land:
            goal = _harbour(network, on, ferry.end_land, ferry.end)
        else:
            (goal,) = roads.add_nodes(to_metres(ferry.end))
        extra = (("route", "ferry"), ("duration", ferry.duration), ("motor_vehicle", "yes"))
        roads.ways.append(Way((start, *via, goal), "", ferry.name, extra=extra))


def _harbour(network: Network, on: npt.NDArray[np.str_], land: str, at: LonLat) -> int:
    there = np.flatnonzero(on == land)
    return int(there[nearest(cKDTree(network.xy[there]), to_metres(at))[1][0]])
