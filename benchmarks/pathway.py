"""The years to the national target on the demo: the expected path, and 500 runs over 10 years.

Every part starts from the same file in a process of its own. The runs are taken by one
process and by two, by turns. Memory is that of the process that asks: what its two
workers take beside it is a chunk each.
"""

import importlib
import multiprocessing
import pickle
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.timing import (
    PROJECT,
    Line,
    Reading,
    interleave,
    largest_mb,
    median_s,
    publish,
    report,
    run_child,
)
from coverage.assessment import Assessment
from coverage.pathway.monte_carlo import Trial, run_trial
from coverage.pathway.pathway import Pathway, build_pathway
from coverage.study import run_study
from coverage.study_file import load_study

_REPETITIONS = 3
_TRIAL = Trial(runs=500, seed=1)
_TARGET_YEAR = 2036
# At most so many seconds and MB.
_LIMITS = {"two": (60.0, 1000.0)}
_NAMES = {
    "expected": "build_pathway: the expected path",
    "one": "500 runs by one process",
    "two": "500 runs by two processes",
}


@dataclass(frozen=True)
class _Case:
    assessment: Assessment
    pathway: Pathway


def run() -> None:
    """Measure and publish the demo."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.pickle"
        years = run_child(__name__, "prepare", str(path)).size
        children = {task: _child(task, path) for task in _NAMES}
        readings = interleave(children, _REPETITIONS)
    yardstick_s = median_s(readings["one"])
    publish(
        "pathway",
        f"Toward the national target, the demo region, {years} years",
        [_line(task, readings[task], yardstick_s) for task in _NAMES],
        ["found: rows of areas and years; runs; runs", "ratio: of seconds, to one process"],
    )


def _child(task: str, path: Path) -> Callable[[], Reading]:
    return lambda: run_child(__name__, task, str(path))


def _line(task: str, runs: list[Reading], yardstick_s: float) -> Line:
    seconds, peak_mb = median_s(runs), largest_mb(runs)
    line = Line(_NAMES[task], seconds, seconds / yardstick_s, peak_mb, runs[0].size, len(runs))
    if task not in _LIMITS:
        return line
    most_s, most_mb = _LIMITS[task]
    met = seconds <= most_s and peak_mb <= most_mb
    return replace(line, target=f"{most_s:g} s, {most_mb:,.0f} MB", met=met)


def _prepare(path: Path) -> int:
    assessment = run_study(load_study(PROJECT / "data" / "demo" / "study.toml")).assessment
    rules = assessment.rules.override({"pathway.target_year": _TARGET_YEAR})
    assessment = replace(assessment, rules=rules)
    pathway = build_pathway(assessment)
    case = _Case(assessment, pathway)
    path.write_bytes(pickle.dumps(case, protocol=pickle.HIGHEST_PROTOCOL))
    return pathway.model.steps


def _expected(case: _Case) -> int:
    return len(build_pathway(case.assessment).by_area)


def _one(case: _Case) -> int:
    return run_trial(case.pathway, _TRIAL).runs


def _two(case: _Case) -> int:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        return run_trial(case.pathway, _TRIAL, map_chunks=pool.map).runs


_TASKS: Mapping[str, Callable[[_Case], int]] = {"expected": _expected, "one": _one, "two": _two}


def main(arguments: list[str]) -> None:
    """Prepare the case, or run one task on it, in this process."""
    task, path = arguments
    if task == "prepare":
        report(lambda: _prepare(Path(path)))
        return
    case = pickle.loads(Path(path).read_bytes())  # noqa: S301 - written by this benchmark
    report(lambda: _TASKS[task](case))


if __name__ == "__main__":
    # By its own name: what is pickled here is known under it everywhere.
    importlib.import_module("benchmarks.pathway").main(sys.argv[1:])
