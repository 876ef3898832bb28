"""Homes and practices joined to a graph, each at the nearest point of the nearest edge.

Not at the nearest junction: that would move homes by 140 m on average, at a hard
line of 15 km (docs/decisions/0004).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from coverage.network import Bools, EdgeTree, Floats, Ints, RoadGraph
from coverage.rule_groups import TravelRules
from coverage.units import ground_distance_m

NOT_SNAPPED = -1


@dataclass(frozen=True)
class Snaps:
    """Points joined to a graph, each at the nearest point of an edge.

    Attributes
    ----------
    edge
        Shape (points,): edge index, or NOT_SNAPPED.
    position_m
        Shape (points,): metres along the edge from its u.
    leg_m
        Shape (points,): straight metres from the point to the edge; NaN where not snapped.
    """

    edge: Ints
    position_m: Floats
    leg_m: Floats

    @property
    def snapped(self) -> Bools:
        """Shape (points,): joined to a road."""
        return np.asarray(self.edge != NOT_SNAPPED, dtype=np.bool_)


def snap(graph: RoadGraph, x_m: Floats, y_m: Floats, rules: TravelRules) -> Snaps:
    """Join points to the nearest point of the nearest edge that takes homes.

    Bits of road that connect to nothing and are shorter than
    ``rules.min_component_m`` are used only where there is no other road within
    ``rules.max_leg_m``. Of equally near edges the lowest number is taken, so
    that the order of the points never matters.

    Parameters
    ----------
    x_m, y_m
        Shape (points,), EPSG:25832.
    """
    points = shapely.points(np.asarray(x_m, np.float64), np.asarray(y_m, np.float64))
    edge = np.full(len(points), NOT_SNAPPED, dtype=np.int32)
    for usable in graph.edge_trees(rules.min_component_m):
        open_points = np.flatnonzero(edge == NOT_SNAPPED)
        edge[open_points] = _nearest_edge(graph, points[open_points], usable, rules.max_leg_m)
    return _positions(graph, points, edge)


def _nearest_edge(
    graph: RoadGraph, points: npt.NDArray[np.object_], usable: EdgeTree, max_leg_m: float
) -> Ints:
    edge = np.full(len(points), NOT_SNAPPED, dtype=np.int32)
    if not len(points) or not len(usable.edge):
        return edge
    # Map metres differ from ground metres by at most 0.15 %: search wider, then measure.
    near = usable.tree.query_nearest(points, max_distance=max_leg_m * 1.002, all_matches=True)
    order = np.lexsort((near[1], near[0]))
    which, match = near[0][order], near[1][order]
    first = np.diff(which, prepend=-1) > 0
    edge[which[first]] = usable.edge[match[first]]
    return _without_far(graph, points, edge, max_leg_m)


def _without_far(
    graph: RoadGraph, points: npt.NDArray[np.object_], edge: Ints, max_leg_m: float
) -> Ints:
    leg_m = _positions(graph, points, edge).leg_m
    # Comparing with NaN is False, which is right: what was not snapped stays so.
    edge[leg_m > max_leg_m] = NOT_SNAPPED
    return edge


def _positions(graph: RoadGraph, points: npt.NDArray[np.object_], edge: Ints) -> Snaps:
    position_m = np.full(len(points), np.nan)
    leg_m = np.full(len(points), np.nan)
    on_road = edge != NOT_SNAPPED
    lines = graph.edge_lines[edge[on_road]]
    share = shapely.line_locate_point(lines, points[on_road], normalized=True)
    position_m[on_road] = share * graph.edge_length_m[edge[on_road]]
    foot = shapely.line_interpolate_point(lines, share, normalized=True)
    home = points[on_road]
    leg_m[on_road] = ground_distance_m(
        shapely.get_x(home), shapely.get_y(home), shapely.get_x(foot), shapely.get_y(foot)
    )
    return Snaps(edge=edge, position_m=position_m, leg_m=leg_m)
