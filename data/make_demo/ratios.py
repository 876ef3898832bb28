"""How far roads run beside the straight line: sampled between the junctions of a road file."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from .geodesy import FloatArray, IntArray, to_metres

BANDS_M = ((500, 2000), (2000, 5000), (5000, 10000), (10000, 15000), (15000, 20000))

PASSING = 2  # ends of way steps at a node that is no junction

# Bornholm's roads: mean, 10th, 50th and 90th percentile per band (design figures).
TARGET = (
    (1.45, 1.15, 1.35, 1.87),
    (1.32, 1.11, 1.28, 1.57),
    (1.25, 1.13, 1.23, 1.39),
    (1.20, 1.12, 1.19, 1.31),
    (1.19, 1.11, 1.18, 1.26),
)


@dataclass(frozen=True)
class RoadGraph:
    """Road nodes (metres), directed lengths, and how many way steps meet in each node."""

    xy: FloatArray
    matrix: csr_array
    degree: IntArray


def read_roads(path: Path) -> RoadGraph:
    """Read the highway ways of a PBF file; ferries are left out."""
    number: dict[int, int] = {}
    lonlat: list[tuple[float, float]] = []
    steps: list[tuple[int, int, bool]] = []
    for item in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations():
        if not isinstance(item, osmium.osm.Way) or "highway" not in item.tags:
            continue
        nodes = []
        for node in item.nodes:
            if node.ref not in number:
                number[node.ref] = len(lonlat)
                lonlat.append((node.location.lon, node.location.lat))
            nodes.append(number[node.ref])
        one_way = item.tags.get("oneway") == "yes"
        steps += [(u, v, one_way) for u, v in pairwise(nodes)]
    there = [(u, v) for u, v, _ in steps]
    back = [(v, u) for u, v, one_way in steps if not one_way]
    return road_graph(to_metres(lonlat), np.array(there + back), np.array(there).ravel())


def road_graph(xy: FloatArray, pairs: IntArray, ends: IntArray) -> RoadGraph:
    """Build the graph from directed steps (n, 2) and the ends of all steps, each way once."""
    pairs = np.unique(pairs, axis=0)
    gap = xy[pairs[:, 0]] - xy[pairs[:, 1]]
    length = np.hypot(gap[:, 0], gap[:, 1])
    matrix = csr_array((length, (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    return RoadGraph(xy, matrix, np.bincount(ends, minlength=len(xy)))


def sample_ratios(
    graph: RoadGraph, sources: int = 150, per_source: int = 60, seed: int = 1
) -> list[FloatArray]:
    """Road over straight-line distance per band, between junctions that a road connects."""
    rng = np.random.default_rng(seed)
    junctions = np.flatnonzero(graph.degree != PASSING)
    starts = rng.choice(junctions, sources, replace=False)
    bands: list[list[FloatArray]] = [[] for _ in BANDS_M]
    for start in starts.tolist():
        reach = dijkstra(graph.matrix, indices=start, limit=60_000)[junctions]
        gap = graph.xy[junctions] - graph.xy[start]
        straight = np.hypot(gap[:, 0], gap[:, 1])
        for k, (low, high) in enumerate(BANDS_M):
            found = np.flatnonzero((straight >= low) & (straight < high) & np.isfinite(reach))
            picks = rng.choice(found, min(per_source, len(found)), replace=False)
            bands[k].append(reach[picks] / straight[picks])
    return [np.concatenate(parts) for parts in bands]


def summary(ratios: FloatArray) -> tuple[float, float, float, float]:
    """Mean, 10th, 50th and 90th percentile."""
    low, middle, high = np.percentile(ratios, [10, 50, 90]).tolist()
    return float(ratios.mean()), low, middle, high
