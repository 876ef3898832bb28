"""The plan's rules on top of the distances: seconds, and as a ratio to measuring the distances.

Every part starts from the same file in a process of its own, so its peak holds the
study as well. ``designate`` answers a slider in a running app: one call goes first.
The share of residents without a place is held against the whole transport problem,
solved as a linear programme.
"""

import importlib
import pickle
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import coo_array

from benchmarks.country import build_country
from benchmarks.timing import (
    PROJECT,
    Line,
    Reading,
    interleave,
    largest_mb,
    median_cpu_s,
    median_s,
    publish,
    report,
    run_child,
)
from coverage.assessment import Assessment, Measured, assess, designate_anew
from coverage.capacity import measure_capacity
from coverage.plan_tables import Division
from coverage.shortage import measure_shortage
from coverage.skal import find_skal_areas
from coverage.sources.area_levels import read_area_level
from coverage.study import run_study
from coverage.study_file import load_study
from coverage.travel import measure_travel

_COUNTRY_TILES, _SMALL_TILES = 73, 4
_REPETITIONS = 3
_YARDSTICK = "distances"
# At most so many seconds, and MB.
_DEMO_LIMITS = {"assess": (5.0, np.inf), "skal": (2.0, np.inf), "designate": (0.1, np.inf)}
_COUNTRY_LIMITS = {"assess": (60.0, 2_000.0), "skal": (60.0, 2_000.0)}
_RATIO_NOTE = "ratio: of processor seconds"
_NAMES = {
    "distances": "measure_travel (the yardstick)",
    "assess": "assess: all of it",
    "capacity": "capacity, access and shortage",
    "shortage": "shortage alone",
    "skal": "skal-areas",
    "designate": "designate_anew: a slider",
}


@dataclass(frozen=True)
class _Case:
    """What is assessed, and the assessment that its parts start from."""

    measured: Measured
    divisions: Mapping[str, Division]
    assessment: Assessment


def run() -> None:
    """Measure and publish the demo, the country, and the linear programme."""
    for name, title, limits in (
        ("demo", "the demo region", _DEMO_LIMITS),
        ("country", f"Bornholm {_COUNTRY_TILES} times", _COUNTRY_LIMITS),
    ):
        homes, readings = _measure(name, tuple(_NAMES))
        publish(
            f"assessment_{name}",
            f"The plan's rules on top of the distances, {title}: {homes:,} homes",
            [_line(task, readings, limits) for task in _NAMES],
            ["found: pairs; areas; homes; persons without a place; places; areas", _RATIO_NOTE],
        )
    _compare_with_programme()


def _measure(name: str, tasks: Sequence[str]) -> tuple[int, dict[str, list[Reading]]]:
    """Return the homes of the case, and the readings of its tasks by turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.pickle"
        homes = run_child(__name__, "prepare", name, str(path)).size
        children = {task: _child(task, path) for task in tasks}
        return homes, interleave(children, _REPETITIONS)


def _child(task: str, path: Path) -> Callable[[], Reading]:
    return lambda: run_child(__name__, task, str(path))


def _line(
    task: str, readings: Mapping[str, list[Reading]], limits: Mapping[str, tuple[float, float]]
) -> Line:
    runs = readings[task]
    seconds, peak_mb = median_s(runs), largest_mb(runs)
    ratio = median_cpu_s(runs) / median_cpu_s(readings[_YARDSTICK])
    line = Line(_NAMES[task], seconds, ratio, peak_mb, runs[0].size, len(runs))
    if task not in limits:
        return line
    most_s, most_mb = limits[task]
    words = f"{most_s:g} s" if most_mb == np.inf else f"{most_s:g} s, {most_mb:,.0f} MB"
    return replace(line, target=words, met=seconds <= most_s and peak_mb <= most_mb)


def _compare_with_programme() -> None:
    """Hold the persons without a place against the whole transport problem."""
    _, readings = _measure("small", ("shortage", "programme"))
    ours, programme = readings["shortage"], readings["programme"]
    base_s = median_cpu_s(programme)
    lines = [
        Line(name, median_s(runs), median_cpu_s(runs) / base_s, largest_mb(runs), runs[0].size, 3)
        for name, runs in (("measure_shortage", ours), ("linear programme (HiGHS)", programme))
    ]
    agree = abs(ours[0].size - programme[0].size) <= 1
    lines[0] = replace(lines[0], target="the same persons", met=agree)
    title = f"Who finds no place, Bornholm {_SMALL_TILES} times"
    publish("shortage", title, lines, ["found: persons without a place", _RATIO_NOTE])


def _prepare(name: str) -> _Case:
    if name == "demo":
        return _prepare_demo()
    measured, divisions = build_country(_COUNTRY_TILES if name == "country" else _SMALL_TILES)
    return _Case(measured, divisions, assess(measured, divisions))


def _prepare_demo() -> _Case:
    study = load_study(PROJECT / "data" / "demo" / "study.toml")
    assessment = run_study(study).assessment
    codes = tuple(assessment.tables.kommuner["kommune_code"])
    divisions = {
        name: read_area_level(file.path, codes, as_of=file.as_of, column=file.column)[0]
        for name, file in study.area_levels.items()
    }
    parts = {field.name: getattr(assessment, field.name) for field in fields(Measured)}
    return _Case(Measured(**parts), divisions, assessment)


def _measure_distances(case: _Case) -> int:
    matrix = case.measured.matrix
    return measure_travel(matrix.graph, matrix.origins, matrix.sites, matrix.cutoff_m).pair_count


def _assess(case: _Case) -> int:
    return len(assess(case.measured, case.divisions).designation.areas)


def _measure_capacity(case: _Case) -> int:
    was, study = case.assessment, case.measured
    found = measure_capacity(
        study.tables, study.plan, was.levels, study.origins.table, study.matrix, study.rules
    )
    return len(found.by_origin)


def _measure_shortage(case: _Case) -> int:
    found = measure_shortage(
        case.measured.origins.table, case.measured.matrix, _room_persons(case), _limit_m(case)
    )
    return round(float(found.by_origin["persons_without_place"].sum()))


def _find_skal_areas(case: _Case) -> int:
    was, study = case.assessment, case.measured
    by_practice = was.capacity.by_practice
    found = find_skal_areas(
        study.tables, study.plan, study.matrix, was.choice, by_practice, study.rules
    )
    return len(found.places)


def _designate(case: _Case) -> int:
    was = case.assessment
    choice_pct = was.rules.designation.choice_pct - 1.0
    rules = was.rules.override({"designation.choice_pct": choice_pct})
    return len(designate_anew(was, rules, was.plan.judgements).designation.areas)


def _solve_programme(case: _Case) -> int:
    """Return the persons without a place by the linear programme: most persons on all pairs.

    Each home gives its persons to practices in reach, each practice takes as many as it
    has room for.
    """
    room = _room_persons(case).reindex(case.measured.matrix.site_ids).to_numpy(np.float64)
    persons = case.measured.origins.table["persons"].to_numpy(np.float64)
    origin, site, distance_m = case.measured.matrix.pair_positions()
    held = (distance_m <= _limit_m(case)[origin]) & ~np.isnan(room)[site]
    origin, site = origin[held], site[held]
    pairs = np.arange(len(origin))
    at_most = coo_array(
        (
            np.ones(2 * len(pairs)),
            (np.concatenate([origin, len(persons) + site]), np.concatenate([pairs, pairs])),
        ),
        shape=(len(persons) + len(room), len(pairs)),
    )
    bounds = np.concatenate([persons, np.nan_to_num(room)])
    # The stubs know no sparse matrices here.
    found = linprog(-np.ones(len(pairs)), A_ub=at_most.tocsr(), b_ub=bounds)  # type: ignore[call-overload]
    return round(float(persons[np.unique(origin)].sum() + found.fun))


def _room_persons(case: _Case) -> "pd.Series[float]":
    return case.assessment.capacity.by_practice.set_index("ydernummer")["room_persons"]


def _limit_m(case: _Case) -> npt.NDArray[np.float64]:
    return case.assessment.choice.by_origin["limit_m"].to_numpy(np.float64)


_TASKS: Mapping[str, Callable[[_Case], int]] = {
    "distances": _measure_distances,
    "assess": _assess,
    "capacity": _measure_capacity,
    "shortage": _measure_shortage,
    "skal": _find_skal_areas,
    "designate": _designate,
    "programme": _solve_programme,
}


def main(arguments: list[str]) -> None:
    """Prepare a case, or run one task on it, in this process."""
    task, *others = arguments
    if task == "prepare":
        name, target = others
        report(lambda: _write(_prepare(name), Path(target)))
        return
    case = pickle.loads(Path(others[0]).read_bytes())  # noqa: S301 - written by this benchmark
    if task == "designate":
        _designate(case)
    report(lambda: _TASKS[task](case))


def _write(case: _Case, path: Path) -> int:
    path.write_bytes(pickle.dumps(case, protocol=pickle.HIGHEST_PROTOCOL))
    return len(case.measured.origins.table)


if __name__ == "__main__":
    # By its own name: what is pickled here is known under it everywhere.
    importlib.import_module("benchmarks.assessment").main(sys.argv[1:])
