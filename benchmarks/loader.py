"""Reading a road file: ``read_roads`` against ``osmnx.graph_from_xml`` on the same roads."""

import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.timing import (
    SHARED,
    Line,
    Reading,
    interleave,
    largest_mb,
    median_s,
    publish,
    report,
    run_child,
)

_ROADS = SHARED / "data" / "bornholm.osm.pbf"
_REPETITIONS = 3
_TARGET = 1 / 15


def run() -> None:
    """Measure and publish."""
    with tempfile.TemporaryDirectory() as folder:
        # osmnx reads no .pbf.
        xml = Path(folder) / "roads.osm"
        run_child(__name__, "convert", str(_ROADS), str(xml))
        readings = interleave(
            {"read_roads (.pbf)": _child("ours", _ROADS), "osmnx (.osm)": _child("osmnx", xml)},
            _REPETITIONS,
        )
    ours, osmnx = readings.values()
    yardstick_s = median_s(osmnx)
    lines = [
        Line(
            name,
            median_s(runs),
            median_s(runs) / yardstick_s,
            largest_mb(runs),
            runs[0].size,
            len(runs),
        )
        for name, runs in readings.items()
    ]
    share = median_s(ours) / yardstick_s
    lines[0] = Line(
        "read_roads (.pbf)",
        median_s(ours),
        share,
        largest_mb(ours),
        ours[0].size,
        len(ours),
        f"at most 1/15 of osmnx; here 1/{1 / share:.0f}",
        share <= _TARGET,
    )
    note = "found: points of kept ways (ours), nodes left (osmnx: largest component, footways too)"
    publish("loader", "Reading the roads of Bornholm", lines, [note])


def _child(engine: str, path: Path) -> Callable[[], Reading]:
    return lambda: run_child(__name__, engine, str(path))


def _convert(source: str, target: str) -> int:
    import osmium  # noqa: PLC0415 - a child imports only the engine it measures

    writer = osmium.SimpleWriter(target)
    count = 0
    for thing in osmium.FileProcessor(source):
        writer.add(thing)
        count += 1
    writer.close()
    return count


def _read_ours(path: str) -> Callable[[], int]:
    from coverage.sources.roads import read_roads  # noqa: PLC0415 - as above

    return lambda: len(read_roads(Path(path)).roads.point_x_m)


def _read_osmnx(path: str) -> Callable[[], int]:
    import osmnx as ox  # noqa: PLC0415 - as above

    return lambda: len(ox.graph_from_xml(path))


def main(arguments: list[str]) -> None:
    """Run one engine in this process."""
    engine, *paths = arguments
    if engine == "convert":
        report(lambda: _convert(*paths))
        return
    task = {"ours": _read_ours, "osmnx": _read_osmnx}[engine](*paths)
    gc.collect()
    report(task)


if __name__ == "__main__":
    main(sys.argv[1:])
