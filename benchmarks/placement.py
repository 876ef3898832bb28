"""Placement on the demo: greedy and annealing, the proof, and both against the exact run.

Each task runs in a process of its own, by turns; the ratio is the gain of the answer to that
of the longest exact run, so 1 is as good. The proof's gap is one of the gain, and of the value.
"""

import importlib
import json
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.timing import (
    PROJECT,
    RESULTS,
    Line,
    Reading,
    interleave,
    publish,
    report,
    run_child,
)
from coverage.assessment import Assessment
from coverage.placement.candidates import Candidates, candidates_from_grid
from coverage.placement.place import Placement, place
from coverage.placement.request import Effort, PlacementRequest, Watch
from coverage.study import run_study
from coverage.study_file import load_study

_CAPACITIES = 15.0
_REPETITIONS = 3
_SEEDS = (0, 1, 2)
_HEURISTIC_S, _EXACT_S = 3.0, 60.0
_HEURISTIC_SHARE, _GAP = 0.99, 0.02
_LEAST_CANDIDATES = 500
_NAMES: Mapping[str, str] = {
    "choice": "two open practices within the limit",
    "second_distance": "distance to the second open practice",
    "shortage": "people without a place",
}


def run() -> None:
    """Measure and publish every objective."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.pickle"
        candidates = run_child(__name__, "prepare", str(path)).size
        for objective, title in _NAMES.items():
            _measure(objective, title, path, candidates)


def _measure(objective: str, title: str, path: Path, candidates: int) -> None:
    """Measure one objective: the heuristic with every seed, and the proof."""
    tasks = {f"heuristic {seed}": ("heuristic", seed) for seed in _SEEDS}
    tasks["exact"] = ("exact", 0)
    answers = path.with_name(f"{objective}.json")
    found: dict[str, dict[str, float]] = {}

    def child(name: str) -> Reading:
        task, seed = tasks[name]
        reading = run_child(__name__, task, objective, str(seed), str(path), str(answers))
        found[name] = json.loads(answers.read_text("utf-8"))
        return reading

    children: dict[str, Callable[[], Reading]] = {name: partial(child, name) for name in tasks}
    repetitions = _REPETITIONS if objective == "choice" else 1
    readings = interleave(children, repetitions)
    best = found["exact"]["gain"]
    lines = [_line(name, readings[name], found[name], best, objective) for name in tasks]
    notes = _notes(found["exact"], candidates)
    publish(f"placement_{objective}", f"Placement on the demo: {title}", lines, notes)
    record = RESULTS / f"placement_{objective}.json"
    text = json.loads(record.read_text("utf-8")) | {"answers": found}
    record.write_text(json.dumps(text, indent=1) + "\n", "utf-8")


def _notes(exact: Mapping[str, float], candidates: int) -> list[str]:
    enough = "" if candidates >= _LEAST_CANDIDATES else " (too few)"
    gaps = f"{exact['gap_of_gain']:.3%} of the gain, {exact['gap_of_value']:.4%} of the value"
    values = f"{exact['value_before']:,.2f} before, {exact['value_after']:,.2f} after"
    return [
        f"{candidates} candidates{enough}, {_CAPACITIES:g} new practices",
        "found: thousandths of the gain's unit; ratio: gain by the exact run's",
        f"exact: gap {gaps}; stopped by {exact['stopped_by']}, bound {exact['bound']:,.2f}",
        f"value {values}; ties {exact['ties']:g} of {exact['swaps']:g} swaps",
    ]


def _line(
    name: str,
    runs: list[Reading],
    answer: Mapping[str, float],
    best: float,
    objective: str,
) -> Line:
    seconds = statistics.median(run.task_s for run in runs)
    ratio = answer["gain"] / best if best else None
    line = Line(name, seconds, ratio, max(run.peak_mb for run in runs), runs[0].size, len(runs))
    if objective != "choice":
        return line
    if name == "exact":
        met = answer["gap_of_gain"] <= _GAP and seconds <= _EXACT_S
        return replace(line, target=f"gap {_GAP:.0%} in {_EXACT_S:g} s", met=met)
    met = seconds <= _HEURISTIC_S and answer["gain"] >= _HEURISTIC_SHARE * best
    return replace(line, target=f"{_HEURISTIC_S:g} s, {_HEURISTIC_SHARE:.0%}", met=met)


def _prepare() -> tuple[Assessment, Candidates]:
    study = load_study(PROJECT / "data" / "demo" / "study.toml")
    assessment = run_study(study).assessment
    return assessment, candidates_from_grid(assessment)


def _place(case: tuple[Assessment, Candidates], task: str, objective: str, seed: int) -> Placement:
    assessment, candidates = case
    effort = Effort(exact=task == "exact", seconds=_EXACT_S - 10.0)
    request = PlacementRequest(
        objective=objective, capacities=_CAPACITIES, seed=seed, effort=effort
    )
    return place(assessment, candidates, request, Watch(stopwatch=time.perf_counter))


def _record(found: Placement, path: Path) -> None:
    """Write what was found."""
    answer = {
        "gain": found.gain,
        "value_before": found.value_before,
        "value_after": found.value_after,
        "bound": found.bound,
        "gap_of_gain": found.gap_of_gain,
        "gap_of_value": found.gap_of_value,
        "ties": found.tie_count,
        "swaps": found.swaps_tried,
        "seconds": dict(found.seconds),
        "stopped_by": found.stopped_by,
    }
    path.write_text(json.dumps(answer), "utf-8")


def main(arguments: list[str]) -> None:
    """Prepare the case, or run one task on it, in this process."""
    task, *others = arguments
    if task == "prepare":
        report(lambda: _write(Path(others[0])))
        return
    objective, seed, path, answers = others
    case = pickle.loads(Path(path).read_bytes())  # noqa: S301 - written by this benchmark
    found: list[Placement] = []

    def work() -> int:
        found.append(_place(case, task, objective, int(seed)))
        return round(found[0].gain * 1000)

    report(work)
    _record(found[0], Path(answers))


def _write(path: Path) -> int:
    case = _prepare()
    path.write_bytes(pickle.dumps(case, protocol=pickle.HIGHEST_PROTOCOL))
    return len(case[1])


if __name__ == "__main__":
    # By its own name: what is pickled here is known under it everywhere.
    importlib.import_module("benchmarks.placement").main(sys.argv[1:])
