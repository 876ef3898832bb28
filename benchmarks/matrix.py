"""All distances within 15 km: ``measure_travel`` against a bare scipy loop and networkx.

The bare loop is the least that scipy can do: search from the nearest node of
each practice, gather at the nearest node of each home, keep what is near. It
knows no legs, no places along an edge, no ids and no order. Building the graph
is in nobody's time.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.sparse.csgraph import dijkstra

from benchmarks.tiling import RULES, read_tiles
from benchmarks.timing import (
    Line,
    Reading,
    interleave,
    largest_mb,
    median_s,
    publish,
    report,
    run_child,
)
from coverage.network import RoadGraph
from coverage.places import Places
from coverage.travel import measure_travel

_CHUNK = 34
_TILES = (10, 73)
_REPETITIONS = 3
_BARE_TARGET, _NETWORKX_TARGET = 1.5, 1 / 8


def run() -> None:
    """Measure and publish both sizes."""
    for count in _TILES:
        with tempfile.TemporaryDirectory() as folder:
            tiles = Path(folder) / "tiles.npz"
            nodes = run_child("benchmarks.tiling", str(count), str(tiles)).size
            readings = interleave(
                {"ours": _child("ours", tiles), "bare": _child("bare", tiles)}, _REPETITIONS
            )
            readings |= interleave({"networkx": _child("networkx", tiles)}, 1)
            _, origins, sites = read_tiles(tiles)
        title = (
            f"Distances within 15 km, Bornholm {count} times: {nodes:,} nodes, "
            f"{len(sites):,} practices, {len(origins):,} cells"
        )
        publish(f"matrix_{count}", title, _lines(readings))


def _lines(readings: dict[str, list[Reading]]) -> list[Line]:
    ours_s = median_s(readings["ours"])
    to_bare, to_networkx = (ours_s / median_s(readings[name]) for name in ("bare", "networkx"))
    targets = {
        "ours": ("", None),
        "bare": (f"ours at most 1.5 of it; here {to_bare:.2f}", to_bare <= _BARE_TARGET),
        "networkx": (
            f"ours at most 1/8 of it; here 1/{1 / to_networkx:.0f}",
            to_networkx <= _NETWORKX_TARGET,
        ),
    }
    names = {"ours": "measure_travel", "bare": "scipy, bare loop", "networkx": "networkx, cutoff"}
    return [
        Line(
            names[name],
            median_s(runs),
            median_s(runs) / ours_s,
            largest_mb(runs),
            runs[0].size,
            len(runs),
            *targets[name],
        )
        for name, runs in readings.items()
    ]


def _child(engine: str, tiles: Path) -> Callable[[], Reading]:
    return lambda: run_child(__name__, engine, str(tiles))


def _measure_ours(graph: RoadGraph, origins: Places, sites: Places) -> Callable[[], int]:
    return lambda: measure_travel(graph, origins, sites, RULES.cutoff_m).pair_count


def _measure_bare(graph: RoadGraph, origins: Places, sites: Places) -> Callable[[], int]:
    arcs = graph.reversed_arcs
    home, clinic = _nodes(graph, origins), np.sort(_nodes(graph, sites))

    def task() -> int:
        found = []
        for start in range(0, len(clinic), _CHUNK):
            metres = dijkstra(arcs, indices=clinic[start : start + _CHUNK], limit=RULES.cutoff_m)
            near = metres[:, home]
            row, column = np.nonzero(near <= RULES.cutoff_m)
            found.append((row + start, column, near[row, column]))
        return sum(len(row) for row, _, _ in found)

    return task


def _measure_networkx(graph: RoadGraph, origins: Places, sites: Places) -> Callable[[], int]:
    arcs = graph.reversed_arcs.tocoo()
    network = nx.DiGraph()
    network.add_weighted_edges_from(
        zip(arcs.row.tolist(), arcs.col.tolist(), arcs.data.tolist(), strict=True)
    )
    homes_at: dict[int, list[int]] = {}
    for home, node in enumerate(_nodes(graph, origins).tolist()):
        homes_at.setdefault(node, []).append(home)
    clinics = [node for node in _nodes(graph, sites).tolist() if node in network]

    def task() -> int:
        found = []
        for clinic, node in enumerate(clinics):
            near = nx.single_source_dijkstra_path_length(network, node, cutoff=RULES.cutoff_m)
            found += [
                (home, clinic, metres)
                for reached, metres in near.items()
                for home in homes_at.get(reached, ())
            ]
        return len(found)

    return task


def _nodes(graph: RoadGraph, places: Places) -> np.ndarray:
    """Return the node at the nearer end of each place's edge."""
    edge = places.snaps.edge[places.snaps.snapped]
    position_m = places.snaps.position_m[places.snaps.snapped]
    to_u = position_m <= graph.edge_length_m[edge] / 2
    return np.where(to_u, graph.edge_u[edge], graph.edge_v[edge])


def main(arguments: list[str]) -> None:
    """Run one engine in this process."""
    engine, tiles = arguments
    graph, origins, sites = read_tiles(Path(tiles))
    _ = graph.reversed_arcs  # built once a study, in nobody's time
    engines = {"ours": _measure_ours, "bare": _measure_bare, "networkx": _measure_networkx}
    report(engines[engine](graph, origins, sites))


if __name__ == "__main__":
    main(sys.argv[1:])
