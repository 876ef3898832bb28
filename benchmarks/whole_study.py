"""A whole run of a study in a process of its own: cold, and with its roads prepared.

From the files of the study to all its outputs, as ``laegedaekning run`` does it.
"""

import statistics
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.timing import (
    PROJECT,
    SHARED,
    Line,
    Reading,
    largest_mb,
    publish,
    report,
    run_child,
)
from coverage.study_file import InputFile, Study, load_study, save_study

_BORNHOLM_KOMMUNE = "0400"
_MAX_MB = 700
_REPETITIONS = 3


def run() -> None:
    """Measure and publish Bornholm and the demo."""
    cold, warm = _cold_and_warm(_bornholm())
    lines = [_line("cold", cold, 20), _line("roads prepared", warm, 6)]
    publish(
        "bornholm",
        "Bornholm, the whole study with its outputs, process and imports included",
        lines,
    )
    cold, warm = _cold_and_warm(load_study(PROJECT / "data" / "demo" / "study.toml"))
    lines = [_line("cold", cold, 30), _line("roads prepared", warm, None)]
    publish(
        "demo",
        "The demo region, the whole study with its outputs, process and imports included",
        lines,
    )


def _cold_and_warm(study: Study) -> tuple[list[Reading], list[Reading]]:
    """Run the study with an empty cache and again with the one it left, by turns."""
    cold: list[Reading] = []
    warm: list[Reading] = []
    for _ in range(_REPETITIONS):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "study.toml"
            save_study(replace(study, cache_folder=Path(folder) / "cache"), path)
            for readings in (cold, warm):
                readings.append(run_child(__name__, str(path), str(Path(folder) / "out")))
    return cold, warm


def _bornholm() -> Study:
    shared = SHARED / "data"
    return Study(
        title="Bornholm",
        as_of=date(2026, 1, 1),
        practices=InputFile(shared / "bornholm_practices.csv"),
        population=InputFile(shared / "geostat_2011_1km_dk.csv"),
        roads=InputFile(shared / "bornholm.osm.pbf"),
        kommuner=InputFile(shared / "dagi_kommuner_2014.geojson"),
        area_kommuner=(_BORNHOLM_KOMMUNE,),
    )


def _line(name: str, runs: list[Reading], most_s: int | None) -> Line:
    seconds = statistics.median(run.wall_s for run in runs)
    line = Line(name, seconds, None, largest_mb(runs), runs[0].size, len(runs))
    if most_s is None:
        return line
    met = seconds <= most_s and line.peak_mb <= _MAX_MB
    return replace(line, target=f"{most_s} s, {_MAX_MB} MB", met=met)


def _task(path: Path, outputs: Path) -> int:
    # Only the child runs a study.
    from coverage.exports import write_outputs  # noqa: PLC0415
    from coverage.study import run_study  # noqa: PLC0415

    result = run_study(load_study(path))
    write_outputs(result.assessment, result.stamp, outputs)
    return len(result.assessment.origins.table)


if __name__ == "__main__":
    report(lambda: _task(*map(Path, sys.argv[1:])))
